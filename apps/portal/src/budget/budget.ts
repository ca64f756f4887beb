import type { CurrentUsage } from '../api/types.js';
import type { Tone } from '../components/status-badge.js';
import { formatMinor } from '../format/money.js';

/** At which percents of a spending cap or a quota a mail and a webhook event tell of it: those of the alerts themselves. */
export const ALERT_PERCENTS = [50, 80, 100] as const;

export interface CapView {
  /** What usage costs so far in the period, before fixed fees and tax. */
  readonly spent: string;
  readonly cap: string;
  /** 0 to 100, for the width of the bar. */
  readonly percent: number;
  readonly tone: Tone;
  /** What is left, or that calls are refused. */
  readonly left: string;
  readonly alerts: string;
}

/** How much of the spending cap is used; null without a cap. */
export function capView({ subscription, lines }: Pick<CurrentUsage, 'subscription' | 'lines'>): CapView | null {
  const { moneyCap, currency } = subscription;
  if (moneyCap === null) return null;
  const spent = spentMinor(lines);
  const cap = BigInt(moneyCap.amountMinor);
  const percent = cap === 0n ? 100 : Number((spent * 10_000n) / cap) / 100;
  return {
    spent: formatMinor(spent, currency),
    cap: moneyCap.formatted,
    percent: Math.min(100, percent),
    tone: toneOf(percent),
    left:
      percent >= 100 ? 'Reached: calls that cost something are refused' : `${formatMinor(cap - spent, currency)} left`,
    alerts: alertWords(percent),
  };
}

/** Usage of this period alone: what came late for earlier ones counts against theirs. */
export function spentMinor(lines: CurrentUsage['lines']): bigint {
  return lines.filter(({ kind }) => kind === 'usage').reduce((sum, { amount }) => sum + BigInt(amount.amountMinor), 0n);
}

/** Which alerts of the period are behind, and which is the next. */
export function alertWords(percent: number): string {
  const told = ALERT_PERCENTS.filter((threshold) => percent >= threshold);
  const next = ALERT_PERCENTS.find((threshold) => percent < threshold);
  if (next === undefined) return 'All alerts of this period were sent';
  return told.length === 0 ? `First alert at ${next}%` : `Alert at ${told.at(-1)}% sent, next at ${next}%`;
}

function toneOf(percent: number): Tone {
  if (percent >= 100) return 'danger';
  return percent >= 80 ? 'warning' : 'info';
}
