import type { ServiceContext } from '../context.js';
import { requireOffered } from './subscribe.js';
import { type TrialAsker, mayHaveTrial, trialSubjects } from './trial-right.js';

/** Whether a subscription to a plan version would begin with its trial, if it were made now. */
export interface TrialPreview {
  /** Null for a plan without a trial. */
  readonly days: number | null;
  readonly isAvailable: boolean;
}

/** @throws NotFoundError `plan_version_not_found`; ConflictError `plan_version_retired` */
export async function previewTrial(
  context: ServiceContext,
  input: TrialAsker & { readonly planVersionId: string },
): Promise<TrialPreview> {
  const { organizationId } = input;
  const offered = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    requireOffered(transaction, input),
  );
  const { trial } = offered.definition;
  if (trial === undefined) return { days: null, isAvailable: false };
  const subjects = await trialSubjects(context, input);
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => ({
    days: trial.days,
    isAvailable: await mayHaveTrial(transaction, organizationId, offered, subjects),
  }));
}
