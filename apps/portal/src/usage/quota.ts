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

/** How full a quota is, and how much that matters: from 80 % on it warns, at 100 % a hard one refuses. */
export function quotaView(quota: Quota): QuotaView {
  const used = Number(quota.used);
  const ratio = quota.limit > 0 ? used / quota.limit : 1;
  const left = Math.max(0, quota.limit - used);
  const tone = ratio >= 1 ? (quota.enforcement === 'hard' ? 'danger' : 'warning') : ratio >= 0.8 ? 'warning' : 'info';
  const full = quota.enforcement === 'hard' ? 'Used up: requests are refused' : 'Used up: requests are still served';
  return {
    percent: Math.min(100, Math.max(0, ratio * 100)),
    tone,
    share: formatShare(used, quota.limit),
    left: ratio >= 1 ? full : `${formatQuantity(left)} left`,
  };
}
