import { InvalidError, type PlanDefinition, formatMinor } from '#domain';
import {
  type CatalogFile,
  type PlanSimulation,
  type SimulatedPeriod,
  type SimulatedSubscription,
  csvRows,
  definitionOf,
  differenceOf,
  simulatePlan,
} from '#services';
import { parseInstant, parseOptions, planNamed, required } from '../arguments.js';
import { loadCatalogFile } from '../catalog/load-catalog-file.js';
import { VARIABLE_OPTIONS, variablesFrom } from '../catalog/variables.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson, remark } from '../output.js';
import { withSession } from '../session.js';

/** Winners, and losers, that are named. */
const NAMED = 10;
/** Of the plan as its draft is. */
const DRAFT = '@draft';

/** `tollgate plan simulate`: what the closed periods of a plan's subscribers would have cost under another plan. */
export async function planSimulate(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    plan: { type: 'string' },
    file: { type: 'string', short: 'f' },
    ...VARIABLE_OPTIONS,
    from: { type: 'string' },
    to: { type: 'string' },
    csv: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const name = required(options.plan, '--plan PRODUCT/PLAN');
  const isDraft = name.endsWith(DRAFT);
  const { productSlug: product, planSlug: plan } = planNamed(isDraft ? name.slice(0, -DRAFT.length) : name, '--plan');
  const from = parseInstant(required(options.from, '--from INSTANT'), '--from');
  const to = parseInstant(required(options.to, '--to INSTANT'), '--to');
  if (from >= to) throw new UsageError('--from must be before --to: periods that end between the two are rated');
  const definition = isDraft ? null : await readDefinition(options.file, variablesFrom(options), { product, plan });
  if (options.csv) await print(csvRows([Object.keys(columns)]));
  const simulation = await withSession(({ context }) =>
    simulatePlan(context, { product, plan, definition, from, to }, async (period) => {
      if (options.csv) await print(csvRows([Object.values(columns).map((cell) => cell(period))]));
    }),
  );
  if (options.json) await printJson(simulation);
  else if (options.csv) remark(summary(simulation));
  else await print(describe(simulation));
  return EXIT.ok;
}

const columns: Readonly<Record<string, (period: SimulatedPeriod) => string>> = {
  subscription_id: ({ subscriptionId }) => subscriptionId,
  organization: ({ organizationName }) => organizationName,
  period_start: ({ startsAt }) => startsAt.toISOString(),
  period_end: ({ endsAt }) => endsAt.toISOString(),
  charged: ({ chargedMinor, currency }) => formatMinor(chargedMinor, currency),
  simulated: ({ simulatedMinor, currency }) => formatMinor(simulatedMinor, currency),
  difference: (period) => formatMinor(differenceOf(period), period.currency),
  currency: ({ currency }) => currency,
};

async function readDefinition(
  file: string | undefined,
  variables: ReadonlyMap<string, string>,
  { product, plan }: { readonly product: string; readonly plan: string },
): Promise<PlanDefinition> {
  const path = required(file, '-f FILE, or @draft after the plan,');
  const loaded = await loadCatalogFile(path, variables);
  return definitionIn(loaded.file, product, plan);
}

function definitionIn(file: CatalogFile, product: string, plan: string): PlanDefinition {
  const inFile = file.products.find(({ slug }) => slug === product);
  const found = inFile?.plans.find(({ slug }) => slug === plan);
  if (inFile && found) return definitionOf(found, inFile.meters);
  throw new InvalidError('plan_missing', `The file has no plan ${product}/${plan}: write down what it shall be.`);
}

function describe(simulation: PlanSimulation): string {
  const { currency, subscriptions } = simulation;
  const winners = subscriptions.filter((subscription) => differenceOf(subscription) < 0n);
  const losers = subscriptions.filter((subscription) => differenceOf(subscription) > 0n).toReversed();
  return [
    summary(simulation),
    ...list('pay less', winners, currency),
    ...list('pay more', losers, currency),
    `${subscriptions.length - winners.length - losers.length} pay the same.`,
    '',
  ].join('\n');
}

function summary({ currency, periods, subscriptions, chargedMinor, simulatedMinor }: PlanSimulation): string {
  const difference = simulatedMinor - chargedMinor;
  // Of two whole numbers the share is exact enough for people; no amount is computed from it.
  const percent =
    chargedMinor === 0n
      ? ''
      : ` (${((Number(difference) / Number(chargedMinor)) * 100).toFixed(1)} %)`.replace('(-', '(−');
  return (
    `${count(periods, 'closed period')} of ${count(subscriptions.length, 'subscription')}: ` +
    `${money(chargedMinor, currency)} was charged, ${money(simulatedMinor, currency)} it would be: ` +
    `${signed(difference, currency)}${percent}.`
  );
}

function list(what: string, subscriptions: readonly SimulatedSubscription[], currency: string): string[] {
  if (subscriptions.length === 0) return [`None would ${what}.`];
  const rows = subscriptions.slice(0, NAMED).map((subscription) => {
    const { organizationName, subscriptionId, chargedMinor, simulatedMinor } = subscription;
    const change = `${money(chargedMinor, currency)} → ${money(simulatedMinor, currency)}`;
    return `  ${signed(differenceOf(subscription), currency)}  ${change}  ${organizationName} (${subscriptionId})`;
  });
  const more = subscriptions.length - rows.length;
  return [
    `${count(subscriptions.length, 'subscription')} would ${what}:`,
    ...rows,
    ...(more > 0 ? [`  and ${more} more: --csv shows all`] : []),
  ];
}

function money(minor: bigint, currency: string): string {
  return `${formatMinor(minor, currency)} ${currency}`;
}

function signed(minor: bigint, currency: string): string {
  return `${minor > 0n ? '+' : ''}${money(minor, currency)}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
