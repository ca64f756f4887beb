import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readScenario } from '../../apps/cli/src/sim/read-scenario.js';
import { SIMULATIONS, runSimulation } from './simulation.js';

/** The stories: those that run each time take as long as the random months beside them. */
const PARTS = {
  one: ['balances', 'credits', 'prices'],
  two: ['changes', 'dunning', 'money', 'provider-taxes', 'taxes', 'trials'],
  /** Of more months than the others. */
  long: ['month-ends', 'yearly'],
} as const;

/** Each file is a story of months; the invoices that it must give lie beside it. `vitest -u` writes them anew: read the difference. */
export function holdSimulationsToTheirInvoices(part: keyof typeof PARTS): void {
  it('are each in one of the parts', () => {
    const files = fs.readdirSync(SIMULATIONS).filter((name) => /^(?!catalog|openapi).*\.yaml$/.test(name));
    const stories = Object.values(PARTS).flat();
    expect(stories.map((name) => `${name}.yaml`).toSorted()).toEqual(files.toSorted());
  });

  it.each(PARTS[part])('%s: gives the invoices that are kept with it, and everything agrees', async (name) => {
    const scenario = await readScenario(path.join(SIMULATIONS, `${name}.yaml`));
    const { invoices, report } = await runSimulation(scenario, { collects: true });
    expect(report).toMatchObject({ ok: true });
    await expect(`${JSON.stringify(invoices, null, 2)}\n`).toMatchFileSnapshot(
      path.join(SIMULATIONS, `${name}.invoices.json`),
    );
  });
}
