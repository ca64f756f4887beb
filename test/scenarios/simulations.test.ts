import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../apps/cli/src/sim/read-scenario.js';
import { SIMULATIONS, runSimulation } from '../support/simulation.js';

const names = fs
  .readdirSync(SIMULATIONS)
  .filter((name) => name.endsWith('.yaml') && !/^(catalog.*|openapi)\.yaml$/.test(name))
  .map((name) => name.slice(0, -'.yaml'.length));

/** Each file is a story of months; the invoices that it must give lie beside it. `vitest -u` writes them anew: read the difference. */
describe('simulations', () => {
  it.each(names)('%s: gives the invoices that are kept with it, and everything agrees', async (name) => {
    const scenario = await readScenario(path.join(SIMULATIONS, `${name}.yaml`));
    const { invoices, report } = await runSimulation(scenario, { collects: true });
    expect(report).toMatchObject({ ok: true });
    await expect(`${JSON.stringify(invoices, null, 2)}\n`).toMatchFileSnapshot(
      path.join(SIMULATIONS, `${name}.invoices.json`),
    );
  });
});
