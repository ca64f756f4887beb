import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readScenario } from '../../apps/cli/src/sim/read-scenario.js';
import { SIMULATIONS, runSimulation } from './simulation.js';

const names = fs
  .readdirSync(SIMULATIONS)
  .sort()
  .filter((name) => name.endsWith('.yaml') && !/^(catalog.*|openapi)\.yaml$/.test(name))
  .map((name) => name.slice(0, -'.yaml'.length));

/**
 * Each file is a story of months; the invoices that it must give lie beside it. `vitest -u` writes them anew: read the difference. Every
 * second of them, from the first (0) or the second (1) on, as one after the other they would leave a core idle.
 */
export function holdSimulationsToTheirInvoices(first: 0 | 1): void {
  const half = names.filter((_, index) => index % 2 === first);
  it.each(half)('%s: gives the invoices that are kept with it, and everything agrees', async (name) => {
    const scenario = await readScenario(path.join(SIMULATIONS, `${name}.yaml`));
    const { invoices, report } = await runSimulation(scenario, { collects: true });
    expect(report).toMatchObject({ ok: true });
    await expect(`${JSON.stringify(invoices, null, 2)}\n`).toMatchFileSnapshot(
      path.join(SIMULATIONS, `${name}.invoices.json`),
    );
  });
}
