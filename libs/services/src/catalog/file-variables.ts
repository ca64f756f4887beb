/** A variable in a text of a catalogue file, or with one dollar more the text itself. */
const VARIABLE = /\$?\$\{([A-Za-z][A-Za-z0-9_]*)\}/g;

/** Every text of a tree with its variables replaced; `$${name}` becomes the text `${name}`. Keys stay as they are. */
export function substituteVariables(tree: unknown, valueOf: (name: string) => string): unknown {
  return mapTexts(tree, (text) =>
    text.replace(VARIABLE, (found, name: string) => (found.startsWith('$$') ? found.slice(1) : valueOf(name))),
  );
}

/** Every text of a tree so that `substituteVariables` gives it back. */
export function escapeVariables(tree: unknown): unknown {
  return mapTexts(tree, (text) => text.replace(/\$\{[A-Za-z][A-Za-z0-9_]*\}/g, (found) => `$${found}`));
}

function mapTexts(tree: unknown, change: (text: string) => string): unknown {
  if (typeof tree === 'string') return change(tree);
  if (Array.isArray(tree)) return tree.map((part) => mapTexts(part, change));
  if (tree === null || typeof tree !== 'object') return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, part]) => [key, mapTexts(part, change)]));
}
