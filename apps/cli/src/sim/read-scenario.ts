import fs from 'node:fs/promises';
import { InvalidError } from '#domain';
import { parse } from 'yaml';
import { type Scenario, scenarioSchema } from './scenario.js';

/** Reads a scenario (YAML or JSON); throws an InvalidError that names every fault of it at once. */
export async function readScenario(file: string): Promise<Scenario> {
  let tree: unknown;
  try {
    tree = parse(await fs.readFile(file, 'utf8'), { maxAliasCount: 0 });
  } catch (error) {
    throw new InvalidError('scenario_unreadable', `The scenario ${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return parseScenario(tree, file);
}

/** The same of a tree that was read already; `name` is what faults call it. */
export function parseScenario(tree: unknown, name: string): Scenario {
  const parsed = scenarioSchema.safeParse(tree);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || '(file)'}: ${message}`);
    throw new InvalidError('scenario_invalid', `${name} has faults:\n${faults.join('\n')}`);
  }
  const names = parsed.data.customers.map((customer) => customer.name);
  const twice = names.find((customer, index) => names.indexOf(customer) !== index);
  if (twice !== undefined)
    throw new InvalidError('scenario_invalid', `${name} has faults:\n  customers: "${twice}" is there twice.`);
  return parsed.data;
}
