import {
  ConflictError,
  InvalidError,
  NotFoundError,
  type PlanDefinition,
  definitionOfPhase,
  validatePlanDefinition,
} from '#domain';
import {
  type PlanPeriod,
  type PricedPhase,
  type Transaction,
  findApiProduct,
  findDraftPlanVersion,
  findPlan,
  listClosedPeriodsOfPlan,
  listMetersOfProduct,
  listPlanVersionIds,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { ratePeriodAsIf } from '../period/rate-from-ledger.js';
import type { RatedPeriod } from '../period/rate-period.js';

const PAGE = 200;

export interface SimulatePlanInput {
  /** Slugs of the product, and of its plan whose subscribers' usage is rated. */
  readonly product: string;
  readonly plan: string;
  /** What their plan would have been; null for what its draft says. */
  readonly definition: PlanDefinition | null;
  /** Periods that ended after `from`, and at `to` or before, and are closed. */
  readonly from: Date;
  readonly to: Date;
}

/**
 * What a period comes to, in minor units, under the plans that were in force and under the simulated one: its subtotal, less what it
 * gives back beyond what it charges.
 */
export interface SimulatedPeriod extends PlanPeriod {
  readonly currency: string;
  readonly chargedMinor: bigint;
  readonly simulatedMinor: bigint;
}

/** The same of all simulated periods of one subscription. */
export interface SimulatedSubscription {
  readonly subscriptionId: string;
  readonly organizationName: string;
  readonly periods: number;
  readonly chargedMinor: bigint;
  readonly simulatedMinor: bigint;
}

export interface PlanSimulation {
  readonly currency: string;
  readonly periods: number;
  readonly chargedMinor: bigint;
  readonly simulatedMinor: bigint;
  /** In the order of the difference: who would pay less comes first. */
  readonly subscriptions: readonly SimulatedSubscription[];
}

/**
 * Rates the closed periods of a plan's subscribers again, with the function that closes periods, as if their plan had been
 * another one: what their invoices would have said. All is read at one instant, nothing is written, and each period is
 * handed to `onPeriod` as it comes. Usage stays as billable as it was counted. Memory grows with the number of
 * subscriptions, not with that of periods or events.
 * @throws NotFoundError `product_not_found`, `plan_not_found`, `plan_draft_not_found`
 * @throws InvalidError `plan_invalid` when the simulated plan cannot be rated.
 * @throws ConflictError `currencies_mixed` when it bills in another currency.
 */
export function simulatePlan(
  context: ServiceContext,
  input: SimulatePlanInput,
  onPeriod: (period: SimulatedPeriod) => Promise<void> = async () => {},
): Promise<PlanSimulation> {
  return context.unitOfWork.inLedgerSnapshot(async (transaction) => {
    const { planId, definition, replacing } = await prepare(transaction, input);
    const subscriptions = new Map<string, SimulatedSubscription>();
    for await (const period of closedPeriods(transaction, { ...input, planId })) {
      const simulated = await simulatePeriod(context, transaction, period, { definition, replacing });
      const before = subscriptions.get(period.subscriptionId);
      subscriptions.set(period.subscriptionId, addPeriod(before, simulated));
      await onPeriod(simulated);
    }
    return summarize(definition.currency, [...subscriptions.values()]);
  });
}

type Replacing = (phase: PricedPhase) => PricedPhase;

async function prepare(
  transaction: Transaction,
  { product, plan, definition: given }: SimulatePlanInput,
): Promise<{ readonly planId: string; readonly definition: PlanDefinition; readonly replacing: Replacing }> {
  const apiProduct = await findApiProduct(transaction, product);
  if (!apiProduct) throw new NotFoundError('product');
  const found = await findPlan(transaction, apiProduct.id, plan);
  if (!found) throw new NotFoundError('plan');
  const definition = given ?? (await findDraftPlanVersion(transaction, found.id))?.definition;
  if (!definition) throw new NotFoundError('plan draft');
  const faults = validatePlanDefinition(
    definition,
    (await listMetersOfProduct(transaction, apiProduct.id)).map(({ slug }) => slug),
  );
  if (faults.length > 0) {
    const list = faults.map(({ path, message }) => `${path}: ${message}`).join('\n');
    throw new InvalidError('plan_invalid', `The simulated plan has faults:\n${list}`);
  }
  const versionIds = new Set(await listPlanVersionIds(transaction, found.id));
  return {
    planId: found.id,
    definition,
    // A trial stays one: what the plan costs after it is not charged for its days.
    replacing: (phase) =>
      versionIds.has(phase.planVersionId)
        ? { ...phase, definition: definitionOfPhase(definition, phase.isTrial) }
        : phase,
  };
}

async function* closedPeriods(
  transaction: Transaction,
  query: Pick<SimulatePlanInput, 'from' | 'to'> & { readonly planId: string },
): AsyncGenerator<PlanPeriod, void, undefined> {
  let after: PlanPeriod | null = null;
  for (;;) {
    const page: PlanPeriod[] = await listClosedPeriodsOfPlan(transaction, { ...query, after, limit: PAGE });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)!;
  }
}

async function simulatePeriod(
  context: ServiceContext,
  transaction: Transaction,
  period: PlanPeriod,
  { definition, replacing }: { readonly definition: PlanDefinition; readonly replacing: Replacing },
): Promise<SimulatedPeriod> {
  const charged = await ratePeriodAsIf(context, transaction, period, (phase) => phase);
  if (charged && charged.currency !== definition.currency) {
    throw new ConflictError(
      'currencies_mixed',
      `The plan billed in ${charged.currency}, and the simulated one does in ${definition.currency}: there is no difference between the two. Give it the same currency.`,
    );
  }
  const simulated = await ratePeriodAsIf(context, transaction, period, replacing);
  return {
    ...period,
    currency: definition.currency,
    chargedMinor: netOf(charged),
    simulatedMinor: netOf(simulated),
  };
}

/** Also what is for the balance is revenue that is not earned. */
function netOf(rated: RatedPeriod | null): bigint {
  return rated ? rated.subtotalMinor - rated.excessCreditMinor : 0n;
}

function addPeriod(before: SimulatedSubscription | undefined, period: SimulatedPeriod): SimulatedSubscription {
  const { subscriptionId, organizationName, chargedMinor, simulatedMinor } = period;
  return {
    subscriptionId,
    organizationName,
    periods: (before?.periods ?? 0) + 1,
    chargedMinor: (before?.chargedMinor ?? 0n) + chargedMinor,
    simulatedMinor: (before?.simulatedMinor ?? 0n) + simulatedMinor,
  };
}

function summarize(currency: string, subscriptions: readonly SimulatedSubscription[]): PlanSimulation {
  return {
    currency,
    periods: subscriptions.reduce((sum, { periods }) => sum + periods, 0),
    chargedMinor: subscriptions.reduce((sum, { chargedMinor }) => sum + chargedMinor, 0n),
    simulatedMinor: subscriptions.reduce((sum, { simulatedMinor }) => sum + simulatedMinor, 0n),
    subscriptions: subscriptions.toSorted(
      (one, other) =>
        Number(differenceOf(one) - differenceOf(other)) || (one.subscriptionId < other.subscriptionId ? -1 : 1),
    ),
  };
}

/** What a subscription would pay more, in minor units; negative when it would pay less. */
export function differenceOf({
  chargedMinor,
  simulatedMinor,
}: Pick<SimulatedSubscription, 'chargedMinor' | 'simulatedMinor'>): bigint {
  return simulatedMinor - chargedMinor;
}
