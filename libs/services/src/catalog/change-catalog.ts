import { type Actor, lockCatalog } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type ApplyWork, recordChanges } from './apply-catalog.js';

/** What a change of the catalogue has at hand; `changes` collects what it did. */
export type ChangeWork = Pick<ApplyWork, 'context' | 'transaction' | 'changes'>;

/** Changes the catalogue as applying a file does: one at a time, all of it or nothing, in the audit log and the snapshots of the gateways. */
export function changeCatalog<Result>(
  context: ServiceContext,
  actor: Actor,
  change: (work: ChangeWork) => Promise<Result>,
): Promise<Result> {
  return context.unitOfWork.inSystem(async (transaction) => {
    await lockCatalog(transaction);
    const work: ChangeWork = { context, transaction, changes: [] };
    const result = await change(work);
    await recordChanges(work, actor);
    return result;
  });
}
