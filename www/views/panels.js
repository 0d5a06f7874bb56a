// What is in the panels behind the page's buttons, and the picture of a large network.

export { createNetworkPanel } from './bar/network-panel.js';
export { createSettingsPanel } from './bar/settings-panel.js';
export { createSharePanel } from './bar/share-panel.js';
export { createWorkersPanel } from './bar/workers-panel.js';
export { createPadPanel } from './data/pad-panel.js';
export { createSheetPanel } from './kit/sheet-panel.js';
export { createTiledPicture } from './network/tiled-picture.js';
export { createForgottenPanel } from './outcome/forgotten-panel.js';
export { createMeterPanel } from './outcome/meter-panel.js';
export { createDistilPanel } from './pruning/distil-panel.js';
export { createMethodPanel } from './pruning/method-panel.js';
export { createRecipePanel } from './pruning/recipe-panel.js';
