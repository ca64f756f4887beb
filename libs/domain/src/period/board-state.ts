/** Where a period stands on finance's board, in the order of its way. */
export const BOARD_STATES = [
  /** Still counting. */
  'open',
  /** It has ended, and waits for usage that is under way. */
  'grace',
  /** It has ended, and is held until a gateway has delivered, or somebody looks at it. */
  'held',
  /** Rated, and looked at before its invoice is issued. */
  'review',
  /** Its invoice is locked or issued, and not paid yet. */
  'issued',
  /** Its invoice is not paid, and should be. */
  'past_due',
  /** Its invoice is final, whatever became of it. */
  'settled',
  /** It was closed without an invoice. */
  'unbilled',
] as const;

export type BoardState = (typeof BOARD_STATES)[number];
