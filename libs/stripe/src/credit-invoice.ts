import type Stripe from 'stripe';
import type { CollectInvoiceRequest } from '#domain';
import { toStripeAmount } from './stripe-amount.js';

/**
 * Adds the credit notes that a finalized invoice does not have yet; returns the invoice as it is with them. What was paid
 * before a note came cannot be taken off any more: that part is said to be given back outside of Stripe, as it is in our
 * balance.
 */
export async function addMissingCreditNotes(
  stripe: Stripe,
  { creditNotes = [] }: CollectInvoiceRequest,
  invoice: Stripe.Invoice,
): Promise<Stripe.Invoice> {
  if (creditNotes.length === 0) return invoice;
  // Before the list: a note that another adds in between is then in it, or what remains is as it was without it.
  let current = await stripe.invoices.retrieve(invoice.id);
  const present = new Set<string | undefined>();
  for await (const note of stripe.creditNotes.list({ invoice: invoice.id, limit: 100 }))
    if (note.status !== 'void') present.add(note.metadata?.['local_credit_note_id']);
  for (const { creditNoteId, amountMinor, reason } of creditNotes) {
    if (present.has(creditNoteId)) continue;
    const amount = toStripeAmount(amountMinor, invoice.currency, `Credit note ${creditNoteId}`);
    const outOfBand = Math.max(0, amount - current.amount_remaining);
    await stripe.creditNotes.create(
      {
        invoice: invoice.id,
        amount,
        memo: reason,
        email_type: 'none',
        metadata: { local_credit_note_id: creditNoteId },
        ...(outOfBand > 0 && { out_of_band_amount: outOfBand }),
      },
      { idempotencyKey: `cn:${creditNoteId}:${outOfBand}` },
    );
    current = await stripe.invoices.retrieve(invoice.id);
  }
  return current;
}
