// What is set: shapes that the modules of the page share. What crosses into the core is in generated/protocol.d.ts.
import type { Method, Recipe } from '../generated/protocol.d.ts';
import type { PlaygroundSettings, RecipeName } from '../pruning-playground.d.ts';

/** The settings as embedders know them. */
export type Settings = PlaygroundSettings;
export type BackendRequest = Settings['backend'];
export type BackendName = Exclude<BackendRequest, 'auto'>;
export type Language = Exclude<Settings['lang'], 'auto'>;

export type SettingName = keyof Settings;

/** A recipe as it stands in a file: without a method, the page's is taken. */
export type RecipeFile = Omit<Recipe, 'method'> & { method?: Partial<Method> };

/** The recipes that come with the page. */
export type RecipeId = RecipeName;
