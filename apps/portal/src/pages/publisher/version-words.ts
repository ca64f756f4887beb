import type { PlanDefinition, PublisherPlanVersion } from '../../api/types.js';
import type { Tone } from '../../components/status-badge.js';
import { formatAmount } from '../../format/money.js';

/** The states of a plan version in words. */
export const versionStates: Readonly<
  Record<PublisherPlanVersion['state'], { readonly label: string; readonly tone: Tone }>
> = {
  draft: { label: 'Draft', tone: 'warning' },
  published: { label: 'Published', tone: 'positive' },
  retired: { label: 'Retired', tone: 'neutral' },
};

/** "$29.00 a month". */
export function feeWords({ fixedFee, currency, billingInterval }: PlanDefinition): string {
  return `${formatAmount(fixedFee, currency)} a ${billingInterval}`;
}
