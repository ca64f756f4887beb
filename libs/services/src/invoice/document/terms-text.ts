import { type Invoice, printedIban, transferReference } from '#domain';
import { utcDate } from './amount-text.js';

type InvoiceTerms = Pick<Invoice, 'paymentMethod' | 'netDays' | 'dueAt'>;

/** How and until when an invoice is to be paid, in a sentence. */
export function termsText({ paymentMethod, netDays, dueAt }: InvoiceTerms): string {
  if (paymentMethod === 'card') return 'Payable at once; a saved payment method is charged.';
  const until = dueAt === null ? '' : ` by ${utcDate(dueAt)}`;
  return netDays === 0
    ? `Payable by bank transfer${until}.`
    : `Net ${netDays} ${netDays === 1 ? 'day' : 'days'}: payable by bank transfer${until}.`;
}

/** Where the transfer for an invoice goes, a name and a text in each row; none where its seller has no account. */
export function transferRows({
  number,
  seller,
}: Pick<Invoice, 'number' | 'seller'>): (readonly [name: string, text: string])[] {
  const account = seller.bankAccount ?? null;
  if (account === null || number === null) return [];
  return [
    ['Account holder', seller.name],
    ['IBAN', printedIban(account.iban)],
    ...(account.bic === null ? [] : [['BIC', account.bic] as const]),
    ['Reference', transferReference(account, number)],
  ];
}
