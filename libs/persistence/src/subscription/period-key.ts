/** What identifies a billing period. */
export interface PeriodKey {
  readonly subscriptionId: string;
  readonly startsAt: Date;
}

/** Keys as the two parameters of `unnest($1::uuid[], $2::timestamptz[])`. */
export function periodKeyParameters(keys: readonly PeriodKey[]): [subscriptionIds: string[], starts: Date[]] {
  return [keys.map(({ subscriptionId }) => subscriptionId), keys.map(({ startsAt }) => startsAt)];
}
