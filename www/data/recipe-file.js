// A recipe in a file, read with care: whatever is wrong with it is a sentence, and nothing else happens.

import { FILE_LIMIT, RecipeFault, readRecipe } from '../model/recipes.js';

/** @import {RecipeFile} from '../model/types.d.ts' */

/**
 * @param {File} file
 * @returns {Promise<{recipe: RecipeFile} | {key: string, values: Record<string, string>}>} The recipe, or the notice that says why there is none.
 */
export async function recipeFromFile(file) {
  if (file.size > FILE_LIMIT) return { key: 'recipe-too-large', values: { file: file.name } };
  try {
    return { recipe: readRecipe(await file.text()) };
  } catch (error) {
    return { key: error instanceof RecipeFault ? 'recipe-bad-file' : 'recipe-unreadable', values: { file: file.name, ...wordsOf(error) } };
  }
}

/**
 * @param {unknown} error
 * @returns {Record<string, string>}
 */
function wordsOf(error) {
  if (error instanceof RecipeFault) return { field: error.field, expected: error.expected };
  return { message: error instanceof Error ? error.message : String(error) };
}
