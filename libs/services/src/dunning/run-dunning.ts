import { type DunningAction, type DunningPolicy, type PaymentProvider, PaymentProviderError } from '#domain';
import { type DueDunning, listDueDunning, listEndedPauses, removeDunningPause } from '#persistence';
import type { ServiceContext } from '../context.js';
import { advanceDunning } from './advance-dunning.js';
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
}

/** What a round of dunning came to. */
export interface DunningRound {
  /** What was done, in order. */
  readonly done: readonly { readonly invoiceId: string; readonly action: DunningAction }[];
  /** What could not be done, and waits for the next round. */
  readonly failures: readonly { readonly invoiceId: string | null; readonly error: unknown }[];
}

/**
 * Does what is due for unpaid invoices, at most one step for each: tells that a payment has failed, charges cards again, warns,
 * suspends, ends. However often, and by however many workers this is called, each step is done once; it may stop anywhere. Nobody is
 * suspended or given up whose invoice the provider does not confirm as open at that moment. What cannot be done for one does not
 * keep the others waiting.
 */
export async function runDunning(
  context: ServiceContext,
  provider: PaymentProvider,
  { policy, mails, longestGapMs = LONGEST_GAP_MS }: DunningInput,
): Promise<DunningRound> {
  const { runningMs, failure } = await turnDunningClock(context, provider, longestGapMs);
  const failures: DunningRound['failures'][number][] = failure ? [{ invoiceId: null, error: failure }] : [];
  await endPauses(context);
  const due: DueDunning[] = await context.unitOfWork.inSystem((transaction) =>
    listDueDunning(transaction, { at: context.clock.now(), runningMs, limit: BATCH }),
  );
  const reminded = await remindTransfers(context, policy, mails.transferDue);
  const done: DunningRound['done'][number][] = reminded.map((invoiceId) => ({ invoiceId, action: 'remind' }));
  for (const { invoiceId, organizationId } of due) {
    try {
      const action = await advanceDunning(context, provider, {
        invoiceId,
        organizationId,
        policy,
        mails,
        runningMs,
      });
      if (action) done.push({ invoiceId, action });
    } catch (error) {
      failures.push({ invoiceId, error });
      // It would be the same for the others, only later.
      if (error instanceof PaymentProviderError && error.retryable) break;
    }
  }
  return { done, failures };
}

/** What was suspended before a pause is so again when it has ended. */
async function endPauses(context: ServiceContext): Promise<void> {
  const at = context.clock.now();
  const ended = await context.unitOfWork.inSystem((transaction) => listEndedPauses(transaction, at));
  for (const organizationId of ended) {
    await context.unitOfWork.inSystem(async (transaction) => {
      await removeDunningPause(transaction, organizationId);
      await applyDunningStanding(context, transaction, { organizationId, actor: { kind: 'system', id: null } });
    });
  }
}
