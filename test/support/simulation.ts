import path from 'node:path';
import { type VerifyReport, applyCatalog, verifyLedger } from '#services';
import { loadCatalogFile } from '../../apps/cli/src/catalog/load-catalog-file.js';
import type { Scenario } from '../../apps/cli/src/sim/scenario.js';
import { type SimulatedInvoice, listSimulatedInvoices } from '../../apps/cli/src/sim/simulated-invoices.js';
import { SimulatedPayments } from '../../apps/cli/src/sim/simulated-payments.js';
import { simulate } from '../../apps/cli/src/sim/simulation.js';
import { createTestDatabase } from './database.js';

export const SIMULATIONS = path.resolve(import.meta.dirname, '../scenarios/simulations');
const SANDBOX = path.resolve(import.meta.dirname, '../../dist/run/stripe-sandbox.js');

export interface Simulated {
  readonly invoices: readonly SimulatedInvoice[];
  /** Journal, ledger, rollups, lines, invoices and, with payments, the provider. */
  readonly report: VerifyReport;
}

/** Lives through a scenario on a database of its own. */
export async function runSimulation(
  scenario: Scenario,
  { collects }: { readonly collects: boolean },
): Promise<Simulated> {
  const database = await createTestDatabase(scenario.start.toISOString());
  try {
    const apply = async (file: string) => {
      const catalog = await loadCatalogFile(path.join(SIMULATIONS, file), new Map());
      const actor = { kind: 'cli', id: null } as const;
      const terms = { encryptionKeys: [], allowsPrivateUpstreams: true, dryRun: false, actor };
      await applyCatalog(database.context, { ...catalog, ...terms });
    };
    await apply(scenario.catalog);
    await using payments = collects ? await SimulatedPayments.start(database.context, SANDBOX) : null;
    await simulate(database.context, { scenario, clock: database.clock, payments, applyCatalog: apply });
    const report = await verifyLedger(database.context, payments ? { provider: payments.provider } : {});
    return { invoices: await listSimulatedInvoices(database.context), report };
  } finally {
    await database.dispose();
  }
}
