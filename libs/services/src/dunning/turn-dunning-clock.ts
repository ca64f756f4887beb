import { type PaymentProvider, PaymentProviderError, readDunningClock } from '#domain';
import {
  findOpenProviderInvoice,
  lockDunningClock,
  readClockOffset,
  saveDunningClock,
  shiftWaitingCases,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { applyProviderInvoice } from '../payment/apply-provider-invoice.js';

const INTERVAL_MS = 60_000;

/** What the clock of dunning shows, and whether the provider kept it from running. */
export interface TurnedClock {
  readonly runningMs: number;
  /** Null when the provider has answered, or was not asked. */
  readonly failure: PaymentProviderError | null;
}

/**
 * Lets the clock of dunning run on, once a minute or when the time machine was moved. While invoices are open the provider is asked
 * for one of them: when it does not answer, the time does not count.
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
    openId: await findOpenProviderInvoice(transaction),
  }));
  const isDue =
    !before.last || clock.nowMs() - before.last.readAtMs >= INTERVAL_MS || before.offsetMs > before.last.offsetMs;
  if (!isDue) return { runningMs: before.last!.runningMs, failure: null };
  const failure = before.openId === null ? null : await ask(context, provider, before.openId);
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

async function ask(
  context: ServiceContext,
  provider: PaymentProvider,
  providerInvoiceId: string,
): Promise<PaymentProviderError | null> {
  try {
    await applyProviderInvoice(context, provider, providerInvoiceId);
    return null;
  } catch (error) {
    if (error instanceof PaymentProviderError) return error;
    throw error;
  }
}
