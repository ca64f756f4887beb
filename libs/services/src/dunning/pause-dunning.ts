import { ConflictError, InvalidError, NotFoundError } from '#domain';
import {
  type Actor,
  type DunningPause,
  type Transaction,
  appendToAuditLog,
  findDunningPause as readDunningPause,
  findOrganization,
  lockOrganization,
  removeDunningPause,
  saveDunningPause,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { applyDunningStanding } from './dunning-standing.js';

const LONGEST_PAUSE_MS = 366 * 86_400_000;

export interface PauseDunningInput {
  readonly organizationId: string;
  readonly until: Date;
  readonly reason: string;
  /** Looks at the pause that is there, locked; throws to refuse the change. */
  readonly check?: (current: DunningPause | null) => void;
  readonly actor: Actor;
}

/** The pause that dunning of an organization has; null for none. @throws NotFoundError `organization_not_found` */
export function findDunningPause(context: ServiceContext, organizationId: string): Promise<DunningPause | null> {
  return context.unitOfWork.inSystem(async (transaction) => {
    if (!(await findOrganization(transaction, organizationId))) throw new NotFoundError('organization');
    return readDunningPause(transaction, organizationId, context.clock.now());
  });
}

/**
 * Lets dunning of an organization rest until an instant: no card is charged by schedule, no mail sent, no call refused; what it had
 * suspended passes again. Its time does not count. A pause that is there is replaced.
 * @throws NotFoundError `organization_not_found`; InvalidError `dunning_pause_until`, `dunning_pause_reason_missing`,
 *   and what `check` throws
 */
export async function pauseDunning(
  context: ServiceContext,
  { organizationId, until, reason, check, actor }: PauseDunningInput,
): Promise<void> {
  const why = reason.trim();
  if (why === '') throw new InvalidError('dunning_pause_reason_missing', 'reason: say why dunning rests.');
  const aheadMs = until.getTime() - context.clock.nowMs();
  if (aheadMs <= 0 || aheadMs > LONGEST_PAUSE_MS)
    throw new InvalidError('dunning_pause_until', 'until: choose an instant in the future, within the next 366 days.');
  await context.unitOfWork.inSystem(async (transaction) => {
    await lock(transaction, organizationId);
    check?.(await readDunningPause(transaction, organizationId, context.clock.now()));
    await saveDunningPause(transaction, { organizationId, until, reason: why });
    await applyDunningStanding(context, transaction, { organizationId, actor });
    const details = { until: until.toISOString(), reason: why };
    await audit(context, transaction, { organizationId, actor, action: 'paused', details });
  });
}

/**
 * Ends a pause now. What was suspended before it is so again.
 * @throws NotFoundError `organization_not_found`; ConflictError `dunning_not_paused`
 */
export async function resumeDunning(
  context: ServiceContext,
  { organizationId, actor }: Pick<PauseDunningInput, 'organizationId' | 'actor'>,
): Promise<void> {
  await context.unitOfWork.inSystem(async (transaction) => {
    await lock(transaction, organizationId);
    if (!(await removeDunningPause(transaction, organizationId)))
      throw new ConflictError('dunning_not_paused', 'Dunning of this organization is not paused.');
    await applyDunningStanding(context, transaction, { organizationId, actor });
    await audit(context, transaction, { organizationId, actor, action: 'resumed', details: {} });
  });
}

async function lock(transaction: Transaction, organizationId: string): Promise<void> {
  if (!(await lockOrganization(transaction, organizationId))) throw new NotFoundError('organization');
}

function audit(
  context: ServiceContext,
  transaction: Transaction,
  entry: {
    readonly organizationId: string;
    readonly actor: Actor;
    readonly action: string;
    readonly details: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  return appendToAuditLog(transaction, {
    ...entry,
    id: context.ids.next(),
    noun: 'dunning',
    nounId: entry.organizationId,
    createdAt: context.clock.now(),
  });
}
