import type { UnpaidInvoices } from '../api/types.js';

type Unpaid = UnpaidInvoices['invoices'][number];

/** What the banner says about unpaid invoices; null when there are none that anything follows from. */
export interface UnpaidWords {
  readonly title: string;
  /** Why the last attempt failed; null while one is under way, and for transfers. */
  readonly reason: string | null;
  /** When calls are refused, null once they are, and when a card is charged by itself; ISO instants. */
  readonly accessEndsAt: string | null;
  readonly nextRetryAt: string | null;
  readonly isSuspended: boolean;
  readonly mustConfirm: boolean;
  readonly isTransfer: boolean;
  /** Where the oldest of them can be paid. */
  readonly payUrl: string | null;
}

export function unpaidWords({ invoices, owed, isSuspended }: UnpaidInvoices): UnpaidWords | null {
  const open = invoices.filter(({ state }) => state === 'past_due' || state === 'uncollectible');
  const [oldest] = open;
  if (!oldest) return null;
  const amounts = owed.map(({ formatted }) => formatted).join(' and ');
  const mustConfirm = open.some((invoice) => invoice.mustConfirm);
  return {
    title: titleOf(amounts, { isSuspended, mustConfirm }),
    reason: oldest.failureMessage,
    accessEndsAt: isSuspended ? null : earliest(open, 'accessEndsAt'),
    nextRetryAt: earliest(open, 'nextRetryAt'),
    isSuspended,
    mustConfirm,
    isTransfer: open.every(({ paymentMethod }) => paymentMethod === 'transfer'),
    payUrl: (open.find((invoice) => invoice.mustConfirm) ?? oldest).hostedUrl,
  };
}

function titleOf(
  amounts: string,
  { isSuspended, mustConfirm }: Pick<UnpaidWords, 'isSuspended' | 'mustConfirm'>,
): string {
  if (isSuspended) return `API calls are refused: ${amounts} not paid`;
  return mustConfirm ? `Confirm a payment: ${amounts} past due` : `${amounts} past due`;
}

function earliest(invoices: readonly Unpaid[], key: 'accessEndsAt' | 'nextRetryAt'): string | null {
  return (
    invoices
      .flatMap((invoice) => invoice[key] ?? [])
      .toSorted()
      .at(0) ?? null
  );
}
