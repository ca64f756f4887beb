import { InvalidError } from '#domain';
import { substituteVariables } from '../file-variables.js';

type Tree = Readonly<Record<string, unknown>>;

/** Where a version of an API has its secrets, in the tree of a file. */
const SECRETS = [
  ['upstream', 'credential', 'value'],
  ['upstream', 'tls', 'clientCertificate', 'key'],
] as const;

/**
 * The tree of a file with its variables replaced. A secret that is just a variable without a value is left out: what is stored of it may
 * stay; `unsetSecrets` has the names of those by their place.
 * @throws InvalidError `variable_missing` that names every other variable without a value
 */
export function withVariables(
  tree: unknown,
  variables: ReadonlyMap<string, string>,
): { readonly tree: unknown; readonly unsetSecrets: ReadonlyMap<string, string> } {
  const unsetSecrets = new Map<string, string>();
  const copy = structuredClone(tree);
  for (const { place, version } of versionsIn(copy)) {
    for (const path of SECRETS) {
      const holder = partAt(version, path.slice(0, -1)) as Record<string, unknown> | undefined;
      const key = path.at(-1)!;
      const [, name] = /^\$\{([A-Za-z][A-Za-z0-9_]*)\}$/.exec(String(holder?.[key])) ?? [];
      if (name === undefined || variables.has(name)) continue;
      unsetSecrets.set(`${place}.${path.join('.')}`, name);
      delete holder![key];
    }
  }
  const missing = new Set<string>();
  const substituted = substituteVariables(copy, (name) => {
    const value = variables.get(name);
    if (value === undefined) missing.add(name);
    return value ?? '';
  });
  if (missing.size > 0) throw missingError([...missing]);
  return { tree: substituted, unsetSecrets };
}

function missingError(names: readonly string[]): InvalidError {
  const shown = names.map((name) => `\${${name}}`).join(', ');
  const [first] = names;
  const how = `by --set ${first}=…, in a file of --vars, or as TOLLGATE_VAR_${first}`;
  return new InvalidError(
    'variable_missing',
    `${shown} has no value: give it ${how}. A text that is meant as it is has $\${${first}}.`,
  );
}

/** The versions in a tree that may have any form. */
function* versionsIn(tree: unknown): Generator<{ readonly place: string; readonly version: Tree }> {
  for (const api of listAt(tree, 'apis')) {
    for (const version of listAt(api, 'versions'))
      yield { place: `${String(api['slug'])}/${String(version['name'])}`, version };
  }
}

function listAt(tree: unknown, key: string): Tree[] {
  const list = isTree(tree) ? tree[key] : undefined;
  return Array.isArray(list) ? list.filter(isTree) : [];
}

function partAt(tree: Tree, path: readonly string[]): Tree | undefined {
  let part: unknown = tree;
  for (const step of path) part = isTree(part) ? part[step] : undefined;
  return isTree(part) ? part : undefined;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
