import { PaymentProviderError } from '#domain';
import { type DunningSubject, countDunningFailure, forgetDunningFailure, isDatabaseAway } from '#persistence';
import type { ServiceContext } from '../context.js';

/** The first tries follow each other at once; then each waits twice as long as the one before. */
const FREE_TRIES = 3;
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 3_600_000;
/** After so many in a row the provider is taken to be away: it would be the same for the others, only later. */
const AWAY_AFTER = 3;

/** How long something waits that has failed so often, in milliseconds: from nothing up to an hour. */
export function retryAfterMs(failures: number): number {
  if (failures <= FREE_TRIES) return 0;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(20, failures - FREE_TRIES - 1));
}

export interface DunningFailure {
  readonly kind: DunningSubject['kind'];
  /** Null for what is of no single invoice. */
  readonly invoiceId: string | null;
  readonly organizationId: string;
  readonly error: unknown;
}

/**
 * Does something for each subject in turn. What cannot be done for one is counted and waits, and keeps no other waiting; when the
 * provider does not answer for several in a row, the rest waits for the next round. Returns the failures.
 * @throws whatever the database says when it is away
 */
export async function attemptEach<Subject extends DunningSubject & { readonly hasFailed: boolean }>(
  context: ServiceContext,
  subjects: readonly Subject[],
  work: (subject: Subject) => Promise<void>,
): Promise<DunningFailure[]> {
  const failures: DunningFailure[] = [];
  let unanswered = 0;
  for (const subject of subjects) {
    try {
      await work(subject);
      if (subject.hasFailed)
        await context.unitOfWork.inSystem((transaction) => forgetDunningFailure(transaction, subject));
      unanswered = 0;
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      const { kind, id, organizationId } = subject;
      failures.push({ kind, invoiceId: kind === 'pause' ? null : id, organizationId, error });
      await context.unitOfWork.inSystem((transaction) =>
        countDunningFailure(transaction, subject, {
          at: context.clock.now(),
          error: error instanceof Error ? error.message : String(error),
          retryAfterMs,
        }),
      );
      unanswered = error instanceof PaymentProviderError && error.retryable ? unanswered + 1 : 0;
      if (unanswered === AWAY_AFTER) break;
    }
  }
  return failures;
}
