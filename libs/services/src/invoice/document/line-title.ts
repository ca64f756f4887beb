import type { InvoiceLine } from '#domain';
import type { InvoiceDocument } from './invoice-document.js';

/** What a line of an invoice is called: the title of its meter, or what kind of fee or credit it is. */
export function lineTitle(
  { meters }: Pick<InvoiceDocument, 'meters'>,
  { kind, meter, amountMinor }: Pick<InvoiceLine, 'kind' | 'meter' | 'amountMinor'>,
): string {
  const name = meters.find(({ slug }) => slug === meter)?.title ?? meter ?? '';
  switch (kind) {
    case 'fixed_fee':
      return 'Fixed fee';
    case 'fixed_fee_credit':
      return 'Unused fixed fee';
    case 'setup_fee':
      return 'Set-up fee';
    case 'usage':
      return name;
    case 'late_usage':
      return `${name}, delivered late`;
    case 'minimum_commitment':
      return `${name}, minimum commitment`;
    case 'discount':
      return 'Discount';
    case 'prepaid_credit':
      return amountMinor > 0n ? 'Prepaid credits returned' : 'Prepaid credits';
    case 'credit_purchase':
      return 'Purchase of prepaid credits';
  }
}
