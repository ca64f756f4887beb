import { NotFoundError } from '#domain';
import { type ListedPlanVersion, type PlanVersionPlace, type Slice, listPlanVersions } from '#persistence';
import type { ServiceContext } from '../context.js';

/** All versions of the plans of the person's publisher teams, drafts too, by product and plan, the newest first. */
export function listPublisherPlanVersions(
  context: ServiceContext,
  publisherUserId: string,
  slice: Slice<PlanVersionPlace> = {},
): Promise<ListedPlanVersion[]> {
  const at = context.clock.now();
  return context.unitOfWork.inSystem((transaction) => listPlanVersions(transaction, { publisherUserId, at }, slice));
}

/**
 * One of them.
 * @throws NotFoundError `plan_version_not_found`
 */
export async function findPublisherPlanVersion(
  context: ServiceContext,
  publisherUserId: string,
  id: string,
): Promise<ListedPlanVersion> {
  const version = (await listPublisherPlanVersions(context, publisherUserId)).find((one) => one.id === id);
  if (!version) throw new NotFoundError('plan version');
  return version;
}
