/** What follows when a payment fails. Days are counted on the clock of dunning, from the first attempt that failed. */
export interface DunningPolicy {
  /** After how many days the card is charged again; ascending, above 0. */
  readonly retryDays: readonly number[];
  /** After how many days the subscriptions of the organization are suspended. */
  readonly graceDays: number;
  /** How many days before that it is told by mail; from 0 on. */
  readonly warningDays: number;
  /** How many days before a transfer is due its payer is reminded; 0 for never. */
  readonly reminderDays: number;
  /**
   * What happens after the last attempt. `leave`: the invoice stays past due. `cancel`: it is given up as uncollectible, and the
   * subscriptions are canceled.
   */
  readonly finalStep: 'leave' | 'cancel';
}

/** What installations begin with. */
export const DEFAULT_DUNNING_POLICY: DunningPolicy = {
  retryDays: [1, 3, 5, 7],
  graceDays: 3,
  warningDays: 1,
  reminderDays: 3,
  finalStep: 'leave',
};
