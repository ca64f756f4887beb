import fs from 'node:fs';
import { catalogVariables } from '#config';
import { parse } from 'yaml';
import { UsageError } from '../exit.js';

/** The options of a command that give values to the variables of a file. */
export const VARIABLE_OPTIONS = {
  set: { type: 'string', multiple: true },
  vars: { type: 'string', multiple: true },
} as const;

interface Given {
  /** `--set NAME=VALUE` */
  readonly set?: readonly string[] | undefined;
  /** `--vars FILE` */
  readonly vars?: readonly string[] | undefined;
}

/** The values of variables by name: what `--set` says before what the files say, the later ones first, before the environment. */
export function variablesFrom({ set = [], vars = [] }: Given): ReadonlyMap<string, string> {
  return new Map([...catalogVariables(), ...vars.flatMap(valuesIn), ...set.map(valueOf)]);
}

function valueOf(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new UsageError(`--set ${pair}: expected name=value`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

/** A file of names and texts, as YAML or JSON. */
function valuesIn(file: string): [string, string][] {
  let tree: unknown;
  try {
    tree = parse(fs.readFileSync(file, 'utf8'), { maxAliasCount: 0 });
  } catch (error) {
    throw new UsageError(`--vars ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (tree === null || tree === undefined) return [];
  if (typeof tree !== 'object' || Array.isArray(tree))
    throw new UsageError(
      `--vars ${file}: expected names and their values, such as "upstream_url: https://orders.example.com"`,
    );
  return Object.entries(tree).map(([name, value]) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return [name, String(value)];
    throw new UsageError(`--vars ${file}: ${name}: expected a text`);
  });
}
