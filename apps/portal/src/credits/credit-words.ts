import type { CreditEntry, CreditGrant, CreditStore } from '../api/types.js';

/** Where a grant comes from. */
export const sourceWords = {
  purchased: 'Bought',
  promotional: 'Given',
  adjustment: 'Adjustment',
} as const satisfies Record<CreditGrant['source'], string>;

/** What an entry is for. */
export function creditEntryTitle({ kind, invoiceNumber }: Pick<CreditEntry, 'kind' | 'invoiceNumber'>): string {
  const invoice = invoiceNumber === null ? 'an invoice' : `invoice ${invoiceNumber}`;
  switch (kind) {
    case 'burned':
      return `Used for ${invoice}`;
    case 'returned':
      return `Back from ${invoice}, now void`;
    case 'expired':
      return 'Expired';
  }
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
