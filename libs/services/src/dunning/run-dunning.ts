import type { DunningAction, DunningPolicy, PaymentProvider } from '#domain';
import { countFailingDunning, listDueDunning, listEndedPauses, removeDunningPause } from '#persistence';
import type { ServiceContext } from '../context.js';
import { advanceDunning } from './advance-dunning.js';
import { type DunningFailure, attemptEach } from './attempt-each.js';
import type { DunningMails } from './dunning-mails.js';
import { applyDunningStanding } from './dunning-standing.js';
import { remindTransfers } from './remind-transfers.js';
import { turnDunningClock } from './turn-dunning-clock.js';

const BATCH = 100;
/** A longer time without a round was an outage of ours. */
const LONGEST_GAP_MS = 300_000;

export interface DunningInput {
  readonly policy: DunningPolicy;
  readonly mails: DunningMails;
  /** How long the rounds may lie apart without being an outage; default 5 minutes. */
  readonly longestGapMs?: number;
  /** How many cases, and how many pauses, a round takes at most; default 100. */
  readonly batch?: number;
}

/** What a round of dunning came to. */
export interface DunningRound {
  /** What was done, in order. */
  readonly done: readonly { readonly invoiceId: string; readonly action: DunningAction }[];
  /** What could not be done, and is tried again; of the clock when all but the error is null. */
  readonly failures: readonly {
    readonly kind: DunningFailure['kind'] | 'clock';
    readonly invoiceId: string | null;
    readonly organizationId: string | null;
    readonly error: unknown;
  }[];
  /** How much has failed, in this round or before, and was not done since. */
  readonly failing: number;
}

/**
 * Does what is due for unpaid invoices, at most one step for each: tells that a payment has failed, charges cards again, warns,
 * suspends, ends. However often, and by however many workers this is called, each step is done once; it may stop anywhere. Nobody is
 * suspended or given up whose invoice the provider does not confirm as open at that moment. What cannot be done for one, be it a
 * step, a reminder or the end of a pause, waits the longer the more often it has failed, and does not keep the others waiting.
 */
export async function runDunning(
  context: ServiceContext,
  provider: PaymentProvider,
  { policy, mails, longestGapMs = LONGEST_GAP_MS, batch = BATCH }: DunningInput,
): Promise<DunningRound> {
  const { runningMs, failure } = await turnDunningClock(context, provider, longestGapMs);
  const done: DunningRound['done'][number][] = [];
  const pauses = await endPauses(context, batch);
  const due = await context.unitOfWork.inSystem((transaction) =>
    listDueDunning(transaction, { at: context.clock.now(), runningMs, limit: batch }),
  );
  const reminders = await remindTransfers(context, policy, mails.transferDue, (invoiceId) =>
    done.push({ invoiceId, action: 'remind' }),
  );
  const cases = await attemptEach(
    context,
    due.map((one) => ({ ...one, kind: 'case' as const, id: one.invoiceId })),
    async ({ invoiceId, organizationId }) => {
      const input = { invoiceId, organizationId, policy, mails, runningMs };
      const action = await advanceDunning(context, provider, input);
      if (action) done.push({ invoiceId, action });
    },
  );
  const ofClock = { kind: 'clock', invoiceId: null, organizationId: null, error: failure } as const;
  return {
    done,
    failures: [...(failure ? [ofClock] : []), ...pauses, ...reminders, ...cases],
    failing: await context.unitOfWork.inSystem(countFailingDunning),
  };
}

/** What was suspended before a pause is so again when it has ended. */
async function endPauses(context: ServiceContext, limit: number): Promise<DunningFailure[]> {
  const at = context.clock.now();
  const ended = await context.unitOfWork.inSystem((transaction) => listEndedPauses(transaction, at, limit));
  return attemptEach(
    context,
    ended.map((one) => ({ ...one, kind: 'pause' as const, id: one.organizationId })),
    ({ organizationId }) =>
      context.unitOfWork.inSystem(async (transaction) => {
        await removeDunningPause(transaction, organizationId);
        await applyDunningStanding(context, transaction, { organizationId, actor: { kind: 'system', id: null } });
      }),
  );
}
