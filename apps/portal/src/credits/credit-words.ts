import type { CreditEntry, CreditGrant, CreditPurchase, CreditStore } from '../api/types.js';

/** Where a grant comes from. */
export const sourceWords = {
  purchased: 'Bought',
  promotional: 'Given',
  adjustment: 'Adjustment',
} as const satisfies Record<CreditGrant['source'], string>;

/** What an entry is for. */
export function creditEntryTitle({
  kind,
  invoiceNumber,
  createdAt,
}: Pick<CreditEntry, 'kind' | 'invoiceNumber' | 'createdAt'>): string {
  const invoice = invoiceNumber === null ? 'an invoice' : `invoice ${invoiceNumber}`;
  switch (kind) {
    case 'burned':
      return createdAt === null ? `Taken back with ${invoice}, now void` : `Used for ${invoice}`;
    case 'returned':
      return createdAt === null ? `Back from ${invoice}, now void` : `Back for usage that ${invoice} gives back`;
    case 'expired':
      return 'Expired';
  }
}

/** Where a purchase stands; `hasPaid` when the person has just come from the page on which it was paid. */
export function purchaseWords(
  { invoiceNumber, hasFailed, isOnPage }: Pick<CreditPurchase, 'invoiceNumber' | 'hasFailed' | 'isOnPage'>,
  hasPaid: boolean,
): string {
  if (hasFailed)
    return `The payment of invoice ${invoiceNumber} has failed. Save a card that works: it is charged then, and the credits are there.`;
  if (isOnPage && !hasPaid)
    return `Invoice ${invoiceNumber} waits to be paid on the payment provider’s page. After a day the purchase is given up by itself.`;
  return 'The payment is under way. The credits are there in a moment.';
}

/** How long what is left will do, at the pace of the current periods. */
export function runOutWords({ available, runsOutAt }: Pick<CreditStore, 'available' | 'runsOutAt'>): string {
  if (BigInt(available.amountMinor) === 0n) return 'Used up: usage goes on the next invoice';
  if (runsOutAt === null) return 'Enough for a year at the present pace';
  const date = new Date(runsOutAt).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return `Used up about ${date} at the present pace`;
}
