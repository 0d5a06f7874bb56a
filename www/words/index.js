// The words of all parts of the page.

import * as article from './article.js';
import * as backend from './backend.js';
import * as bar from './bar.js';
import * as classes from './classes.js';
import * as comparison from './comparison.js';
import * as firstContact from './first-contact.js';
import * as meter from './meter.js';
import * as network from './network.js';
import * as networks from './networks.js';
import * as notices from './notices.js';
import * as outcome from './outcome.js';
import * as own from './own.js';
import * as pruning from './pruning.js';
import * as recipes from './recipes.js';
import * as settings from './settings.js';
import * as sharing from './sharing.js';
import * as states from './states.js';
import * as takeHome from './take-home.js';
import * as workers from './workers.js';

export const PARTS = [
  article, bar, settings, classes, backend, network, networks, meter, outcome, pruning, recipes, comparison, notices, states, own, firstContact, sharing, takeHome, workers,
];
