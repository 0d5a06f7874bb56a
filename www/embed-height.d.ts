// Gives each `iframe[data-pruning-playground]` of the page the height of the widget in it; see docs/embedding.md.
export {};
