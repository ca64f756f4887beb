import { Document, isNode } from 'yaml';
import { escapeVariables } from '../file-variables.js';
import { asOwnText } from '../named-text.js';
import type { ExportedCatalog, ExportedVariable, FilePath } from './exported-catalog.js';

/** Lines are never folded: what changes in a text is what changed. */
const STYLE = { lineWidth: 0, singleQuote: true };

/** How an exported catalogue is written out. */
export interface TextOptions {
  /** Whether documents, guides and the like stand in files of their own, which the text names; else it has them all. */
  readonly hasSideFiles: boolean;
  /** Whether what usually differs between installations is a variable too, and not only secrets. */
  readonly hasPlaces: boolean;
}

/** The variables that a text with these options has. */
export function variablesOf({ variables }: ExportedCatalog, { hasPlaces }: TextOptions): readonly ExportedVariable[] {
  return variables.filter(({ value }) => hasPlaces || value === null);
}

/** An exported catalogue as YAML, with what is to be known of it in comments. The same content is the same text. */
export function catalogText(exported: ExportedCatalog, options: TextOptions): string {
  const tree = structuredClone(exported.file) as Record<string, unknown>;
  for (const { path, name, prefix, content } of exported.sideFiles) {
    const whole = typeof content === 'string' ? asOwnText(content) : content.toString('base64');
    setAt(tree, path, options.hasSideFiles ? prefix + name : whole);
  }
  const escaped = escapeVariables(tree) as Record<string, unknown>;
  const variables = variablesOf(exported, options);
  for (const { path, name } of variables) setAt(escaped, path, `\${${name}}`);
  const document = new Document(escaped, { aliasDuplicateObjects: false });
  const remarks = Map.groupBy(exported.remarks, ({ path }) => JSON.stringify(path));
  for (const [path, texts] of remarks) {
    const node = document.getIn(JSON.parse(path) as FilePath, true);
    if (isNode(node)) node.commentBefore = texts.map(({ text }) => ` ${text}`).join('\n');
  }
  return head(variables) + document.toString(STYLE);
}

function head(variables: readonly ExportedVariable[]): string {
  const secrets = variables.filter(({ value }) => value === null);
  const lines = [
    'Exported by "tollgate catalog export"; "tollgate apply" takes it.',
    ...(secrets.length === 0
      ? []
      : [
          'Secrets are not in it. Where it is applied first, give them by --set, by --vars or by TOLLGATE_VAR_ and the name:',
          ...secrets.map(({ name, what }) => `  ${name}: ${what}`),
        ]),
  ];
  return `${lines.map((line) => `# ${line}\n`).join('')}\n`;
}

/** The values of variables as a file for `--vars`: what they are here, and the secrets as comments. */
export function variablesText(variables: readonly ExportedVariable[]): string {
  const known = variables.filter(({ value }) => value !== null);
  const values = Object.fromEntries(known.map(({ name, value }) => [name, value]));
  const secrets = variables.filter(({ value }) => value === null).map(({ name, what }) => `# ${name}: ${what}\n`);
  return [
    '# What differs between installations: a copy of this file for each, for --vars.\n',
    known.length === 0 ? '{}\n' : new Document(values).toString(STYLE),
    ...(secrets.length === 0
      ? []
      : ['# Secrets, better given by TOLLGATE_VAR_ and the name than in a file:\n', ...secrets]),
  ].join('');
}

function setAt(tree: Record<string, unknown>, path: FilePath, value: string): void {
  let part = tree as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) part = part[step] as Record<string | number, unknown>;
  part[path.at(-1)!] = value;
}
