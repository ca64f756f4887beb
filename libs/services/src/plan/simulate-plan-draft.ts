import { InvalidError, NotFoundError } from '#domain';
import { findDraftPlanVersion } from '#persistence';
import type { ServiceContext } from '../context.js';
import { findOwnPlan } from './own-plan.js';
import { type PlanSimulation, simulatePlan } from './simulate-plan.js';

/** Periods that somebody waits for in a browser; more are for the command line. */
const MOST_PERIODS = 5_000;

export interface SimulatePlanDraftInput {
  readonly planId: string;
  readonly publisherUserId: string;
  /** Closed periods that ended after `from`, and at `to` or before. */
  readonly from: Date;
  readonly to: Date;
}

/**
 * What the closed periods of a plan's subscribers would have cost under its draft; of at most 5,000 periods.
 * @throws NotFoundError `plan_not_found`, `plan_draft_not_found`; ConflictError `currencies_mixed`;
 *   InvalidError `simulation_too_large`
 */
export async function simulatePlanDraft(
  context: ServiceContext,
  { planId, publisherUserId, from, to }: SimulatePlanDraftInput,
): Promise<PlanSimulation> {
  const plan = await context.unitOfWork.inSystem(async (transaction) => {
    const found = await findOwnPlan(transaction, { planId, publisherUserId });
    if (!(await findDraftPlanVersion(transaction, planId))) throw new NotFoundError('plan draft');
    return found;
  });
  const input = { product: plan.product.slug, plan: plan.slug, definition: null, from, to };
  let periods = 0;
  return simulatePlan(context, input, async () => {
    periods += 1;
    if (periods > MOST_PERIODS) {
      throw new InvalidError(
        'simulation_too_large',
        `More than ${MOST_PERIODS} periods ended then: choose a shorter time, or use "tollgate plan simulate --plan ${input.product}/${input.plan}@draft".`,
      );
    }
  });
}
