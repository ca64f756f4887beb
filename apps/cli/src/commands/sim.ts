import { randomFillSync } from 'node:crypto';
import path from 'node:path';
import { loadSettings } from '#config';
import { ConflictError, FixedClock, UuidV7Generator } from '#domain';
import { UnitOfWork, createDataSource } from '#persistence';
import { type ServiceContext, applyCatalog, listGateways, listProducts, verifyLedger } from '#services';
import { parseOptions, required } from '../arguments.js';
import { loadCatalogFile } from '../catalog/load-catalog-file.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson, remark } from '../output.js';
import { CLI_ACTOR } from '../session.js';
import { readScenario } from '../sim/read-scenario.js';
import { type Scenario } from '../sim/scenario.js';
import { SimulatedPayments } from '../sim/simulated-payments.js';
import { type SimulatedInvoice, listSimulatedInvoices } from '../sim/simulated-invoices.js';
import { simulate } from '../sim/simulation.js';

/** `tollgate sim`: months of customers' lives in minutes, by the real services, on a database of their own. */
export async function sim(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    scenario: { type: 'string' },
    months: { type: 'string' },
    json: { type: 'boolean' },
  });
  const file = required(options.scenario, '--scenario FILE');
  const scenario = { ...(await readScenario(file)), ...monthsOf(options.months) };
  const settings = loadSettings('simulation');
  const dataSource = await createDataSource({
    url: settings.DATABASE_URL,
    poolSize: 3,
    processName: 'sim',
  }).initialize();
  try {
    const clock = new FixedClock(scenario.start);
    const ids = new UuidV7Generator(clock, randomFillSync);
    const context = { unitOfWork: new UnitOfWork(dataSource), clock, ids, fillRandom: randomFillSync };
    const { invoices, isProven } = await run(context, clock, scenario, path.dirname(file));
    if (options.json) await printJson({ title: scenario.title, isProven, invoices });
    else await print(describe(scenario, invoices, isProven));
    return isProven ? EXIT.ok : EXIT.negative;
  } finally {
    await dataSource.destroy();
  }
}

async function run(
  context: ServiceContext,
  clock: FixedClock,
  scenario: Scenario,
  folder: string,
): Promise<{ readonly invoices: readonly SimulatedInvoice[]; readonly isProven: boolean }> {
  if ((await listProducts(context)).length > 0 || (await listGateways(context)).length > 0) {
    throw new ConflictError(
      'database_in_use',
      'A simulation needs a database of its own: this one has products or gateways. "npm run tollgate -- sim" makes one.',
    );
  }
  const apply = async (file: string) => {
    const catalog = await loadCatalogFile(path.resolve(folder, file), new Map());
    const terms = { encryptionKeys: [], allowsPrivateUpstreams: true, dryRun: false, actor: CLI_ACTOR };
    await applyCatalog(context, { ...catalog, ...terms });
  };
  await apply(scenario.catalog);
  await using payments = await SimulatedPayments.start(context);
  let month = '';
  const onDay = (at: Date): void => {
    const shown = at.toISOString().slice(0, 7);
    if (shown !== month) remark(`${shown} …`);
    month = shown;
  };
  await simulate(context, { scenario, clock, payments, applyCatalog: apply, onDay });
  const report = await verifyLedger(context, { provider: payments.provider });
  for (const { name, difference } of report.checks)
    if (difference) remark(`${name}: ${difference.row}: ${difference.message}`);
  return { invoices: await listSimulatedInvoices(context), isProven: report.ok };
}

function monthsOf(text: string | undefined): { readonly months?: number } {
  if (text === undefined) return {};
  if (!/^([1-9]|[1-9]\d|1[01]\d|120)$/.test(text)) throw new UsageError(`--months ${text}: expected 1 to 120`);
  return { months: Number(text) };
}

function describe({ title }: Scenario, invoices: readonly SimulatedInvoice[], isProven: boolean): string {
  const rows = invoices.map(({ number, customer, period, state, currency, total, lines, toBalance, fromBalance }) =>
    [
      `${number ?? '(no number)'}  ${period.slice(0, 10)} to ${period.split('/')[1]!.slice(0, 10)}  ${total} ${currency}  ${state}  ${customer}`,
      ...(toBalance === undefined ? [] : [`    ${toBalance} to the balance`]),
      ...(fromBalance === undefined ? [] : [`    ${fromBalance} of it from the balance`]),
      ...lines.map(({ description, quantity, amount }) => `    ${amount.padStart(10)}  ${quantity}  ${description}`),
    ].join('\n'),
  );
  const proof = isProven ? 'Everything agrees.' : 'There is a difference.';
  return `${title}\n\n${rows.join('\n')}\n\n${invoices.length} invoices. ${proof}\n`;
}
