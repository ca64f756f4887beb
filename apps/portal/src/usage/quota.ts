import type { MeterUsage } from '../api/types.js';
import { formatQuantity, formatShare } from '../format/number.js';
import type { Tone } from '../components/status-badge.js';

export type Quota = NonNullable<MeterUsage['quota']>;

export interface QuotaView {
  /** 0 to 100, for the width of the bar. */
  readonly percent: number;
  readonly tone: Tone;
  readonly share: string;
  readonly left: string;
}

/** How far a quota is used, in percent, and above a hundred where a soft one is exceeded. */
export function quotaPercent({ used, limit }: Pick<Quota, 'used' | 'limit'>): number {
  return limit > 0 ? (Number(used) / limit) * 100 : 100;
}

/** How full a quota is, and how much that matters: from 80 % on it warns, at 100 % a hard one refuses. */
export function quotaView(quota: Quota): QuotaView {
  const used = Number(quota.used);
  const percent = quotaPercent(quota);
  const left = Math.max(0, quota.limit - used);
  const tone =
    percent >= 100 ? (quota.enforcement === 'hard' ? 'danger' : 'warning') : percent >= 80 ? 'warning' : 'info';
  const full = quota.enforcement === 'hard' ? 'Used up: requests are refused' : 'Used up: requests are still served';
  return {
    percent: Math.min(100, Math.max(0, percent)),
    tone,
    share: formatShare(used, quota.limit),
    left: percent >= 100 ? full : `${formatQuantity(left)} left`,
  };
}
