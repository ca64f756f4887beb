const DAY_MS = 86_400_000;

/** How an organization pays its invoices: by card as soon as they are issued, or by transfer within some days. */
export interface PaymentTerms {
  readonly method: 'card' | 'transfer';
  /** 0 to 90; 0 for a card. */
  readonly netDays: number;
}

/** The longest that finance can give. */
export const MAX_NET_DAYS = 90;

/** Terms of whoever finance has decided nothing else for. */
export const CARD_TERMS: PaymentTerms = { method: 'card', netDays: 0 };

/**
 * The last moment at which an invoice is paid in time: that of its issue for a card; for a transfer the last millisecond of
 * the UTC day that is `netDays` after the day of issue, so that what arrives on the day it is due is in time.
 */
export function dueAtOf(issuedAt: Date, { method, netDays }: PaymentTerms): Date {
  if (method === 'card') return issuedAt;
  const dayMs = issuedAt.getTime() - (((issuedAt.getTime() % DAY_MS) + DAY_MS) % DAY_MS);
  return new Date(dayMs + (netDays + 1) * DAY_MS - 1);
}
