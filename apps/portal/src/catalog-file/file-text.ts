import { type Document, LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml';

export type Tree = Readonly<Record<string, unknown>>;

/** A variable of a file, whose value is given beside it. */
export interface FileVariable {
  readonly name: string;
  /** It is for a secret, of which the stored one stays when none is given. */
  readonly isSecret: boolean;
}

/** What a catalogue file says, and what it needs beside it. */
export interface FileContent {
  readonly tree: Tree;
  readonly variables: readonly FileVariable[];
  /** The files that it names, such as OpenAPI documents, in their order; variables in their names stand as they are. */
  readonly named: readonly string[];
  /** Where in the text a place is that a fault names ("apis.0.versions.1"), or what is nearest around it: a line, from 1. */
  readonly lineOf: (path: string) => number;
}

/** Why a text is no catalogue file, and where. */
export interface TextFault {
  readonly line: number;
  readonly message: string;
}

/** As catalogue files have them: `$${name}` is the text itself. */
const VARIABLE = /\$?\$\{([A-Za-z][A-Za-z0-9_]*)\}/g;
const FILE = 'file:';
/** Where a version of an API has its secrets. */
const SECRET = /^apis\.\d+\.versions\.\d+\.upstream\.(credential\.value|tls\.clientCertificate\.key)$/;
const DOCUMENT = /^apis\.\d+\.versions\.\d+\.document$/;
/** Where a text may be in a file of its own. */
const IN_FILE =
  /^(apis\.\d+\.versions\.\d+\.(guides\.\d+\.text|policies\.translation\.(grpc\.descriptors|graphql\.schema|soap\.operations\..+\.envelope))|products\.\d+\.description)$/;

/** A catalogue file from its text in YAML or JSON, or where and why it is none. */
export function readFileText(text: string): FileContent | TextFault {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) return { line: lines.linePos(error.pos[0]).line, message: `This is not YAML: ${error.message}` };
  let tree: unknown;
  try {
    tree = document.toJS({ maxAliasCount: 0 });
  } catch {
    return { line: 1, message: 'Aliases such as *name are not taken: write out what they stand for.' };
  }
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree))
    return { line: 1, message: 'This is no catalogue file: one begins with "tollgate: 1".' };
  const lineOf = (path: string) => lineAt(document, lines, path);
  return { tree: tree as Tree, lineOf, ...neededBy(tree as Tree) };
}

/** A text with the values of its variables; those without a value stay as they are. */
export function withValues(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(VARIABLE, (found, name: string) =>
    found.startsWith('$$') ? found.slice(1) : values[name] || found,
  );
}

export function isFault(read: FileContent | TextFault): read is TextFault {
  return 'message' in read;
}

/** The place of a fault with names where it has numbers: "products.atlas.plans.pro.prices.requests". */
export function placeInWords(tree: Tree, path: string): string {
  let part: unknown = tree;
  const steps = path.split('.').map((step) => {
    const isItem = Array.isArray(part);
    part = (part as Tree | null | undefined)?.[step];
    return isItem ? nameOf(part, step) : step;
  });
  return steps.join('.');
}

function nameOf(item: unknown, step: string): string {
  const { slug, name, meter } = (item ?? {}) as Record<string, unknown>;
  const known = slug ?? name ?? meter;
  return typeof known === 'string' ? known : step;
}

function lineAt(document: Document, lines: LineCounter, path: string): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path.split('.')) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (!pair) break;
      offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as { readonly range?: readonly number[] | null } | undefined;
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return lines.linePos(offset).line;
}

function neededBy(tree: Tree): Pick<FileContent, 'variables' | 'named'> {
  const isOfSecret = new Map<string, boolean>();
  const named = new Set<string>();
  for (const [path, text] of textsOf(tree)) {
    const isAlone = SECRET.test(path) && /^\$\{\w+\}$/.test(text);
    for (const [found, name = ''] of text.matchAll(VARIABLE))
      if (!found.startsWith('$$')) isOfSecret.set(name, isAlone && (isOfSecret.get(name) ?? true));
    if (DOCUMENT.test(path) && !text.includes('\n')) named.add(text);
    if (IN_FILE.test(path) && text.startsWith(FILE)) named.add(text.slice(FILE.length));
  }
  return { variables: [...isOfSecret].map(([name, isSecret]) => ({ name, isSecret })), named: [...named] };
}

/** Every text of a tree by its path. */
function* textsOf(part: unknown, path = ''): Generator<readonly [string, string]> {
  if (typeof part === 'string') yield [path, part];
  if (typeof part !== 'object' || part === null) return;
  for (const [key, item] of Object.entries(part)) yield* textsOf(item, path === '' ? key : `${path}.${key}`);
}
