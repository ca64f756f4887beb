/** How far dunning of one invoice is: it begins when its first attempt has failed, and ends when it is paid or void. Due again, it has a new one in its place. */
export interface DunningCase {
  readonly invoiceId: string;
  readonly organizationId: string;
  /** When the provider answered that the first attempt had failed. */
  readonly beganAt: Date;
  /** What the clock of dunning showed then, and what was not counted since, in milliseconds. */
  readonly startMs: number;
  /** The last attempt whose failure was told; 0 for none. */
  readonly toldAttempt: number;
  /** How often the schedule has asked for the money again. */
  readonly retriesMade: number;
  readonly warnedAt: Date | null;
  /** Since when it keeps the subscriptions of its organization suspended; null while grace lasts. */
  readonly suspendedAt: Date | null;
  /** When the schedule was through; nothing follows by itself then. */
  readonly exhaustedAt: Date | null;
  readonly endedAt: Date | null;
}

/** What dunning has done or met, in the words of its history. */
export type DunningStepKind =
  | 'began'
  | 'failed'
  | 'retried'
  | 'reminded'
  | 'warned'
  | 'suspended'
  | 'exhausted'
  | 'paid'
  | 'withdrawn'
  | 'disputed'
  | 'dispute_closed';

/** One entry of the history of a case; never changed. */
export interface DunningStep {
  readonly id: string;
  readonly organizationId: string;
  readonly invoiceId: string;
  readonly kind: DunningStepKind;
  readonly at: Date;
  /** Which attempt at payment it is about; null where none is. */
  readonly attempt: number | null;
  /** A sentence of the provider or of ours; null for none. */
  readonly note: string | null;
}
