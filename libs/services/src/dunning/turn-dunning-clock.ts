import { type PaymentProvider, PaymentProviderError, TollgateError, readDunningClock } from '#domain';
import {
  listOpenProviderInvoices,
  lockDunningClock,
  readClockOffset,
  saveDunningClock,
  shiftWaitingCases,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { applyProviderInvoice } from '../payment/apply-provider-invoice.js';

const INTERVAL_MS = 60_000;
/** The provider is asked for at most so many invoices until it shows one. */
const MAX_ASKED = 5;
/** After so many without an answer it is away. */
const AWAY_AFTER = 2;

/** What the clock of dunning shows, and whether the provider kept it from running. */
export interface TurnedClock {
  readonly runningMs: number;
  /** Null when the provider has answered, or was not asked. */
  readonly failure: TollgateError | null;
}

/**
 * Lets the clock of dunning run on, once a minute or when the time machine was moved. While invoices are open the provider is asked
 * for one of them: when it does not answer, the time does not count. One that it refuses to show stops nothing while it shows
 * another.
 */
export async function turnDunningClock(
  context: ServiceContext,
  provider: PaymentProvider,
  longestGapMs: number,
): Promise<TurnedClock> {
  const { clock, unitOfWork } = context;
  const before = await unitOfWork.inSystem(async (transaction) => ({
    last: await lockDunningClock(transaction),
    offsetMs: await readClockOffset(transaction),
    openIds: await listOpenProviderInvoices(transaction, MAX_ASKED),
  }));
  const isDue =
    !before.last || clock.nowMs() - before.last.readAtMs >= INTERVAL_MS || before.offsetMs > before.last.offsetMs;
  if (!isDue) return { runningMs: before.last!.runningMs, failure: null };
  const failure = await ask(context, provider, before.openIds);
  const runningMs = await unitOfWork.inSystem(async (transaction) => {
    const now = clock.now();
    const offsetMs = await readClockOffset(transaction);
    const last = (await lockDunningClock(transaction)) ?? { runningMs: 0, readAtMs: now.getTime(), offsetMs };
    const moment = { nowMs: now.getTime(), offsetMs, hasAnswered: failure === null };
    const reading = readDunningClock(last, moment, longestGapMs);
    await saveDunningClock(transaction, reading);
    const ranMs = reading.runningMs - last.runningMs;
    if (ranMs > 0) await shiftWaitingCases(transaction, new Date(last.readAtMs), ranMs);
    return reading.runningMs;
  });
  return { runningMs, failure };
}

/** Null when one of the invoices was shown, or there are none; else why not. One that cannot be shown is not the provider's absence. */
async function ask(
  context: ServiceContext,
  provider: PaymentProvider,
  providerInvoiceIds: readonly string[],
): Promise<TollgateError | null> {
  let refusal: TollgateError | null = null;
  let unanswered = 0;
  for (const providerInvoiceId of providerInvoiceIds) {
    try {
      await applyProviderInvoice(context, provider, providerInvoiceId);
      return null;
    } catch (error) {
      if (!(error instanceof TollgateError)) throw error;
      refusal ??= error;
      if (error instanceof PaymentProviderError && error.retryable && ++unanswered === AWAY_AFTER) break;
    }
  }
  return refusal;
}
