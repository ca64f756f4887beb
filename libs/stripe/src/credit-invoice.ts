import type Stripe from 'stripe';
import type { CollectInvoiceRequest } from '#domain';
import { createOnce } from './create-once.js';
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
  const present = new Set((await creditNotesOf(stripe, invoice.id)).map(localIdOf));
  for (const { creditNoteId, amountMinor, reason } of creditNotes) {
    if (present.has(creditNoteId)) continue;
    const amount = toStripeAmount(amountMinor, invoice.currency, `Credit note ${creditNoteId}`);
    const outOfBand = Math.max(0, amount - current.amount_remaining);
    const parameters: Stripe.CreditNoteCreateParams = {
      invoice: invoice.id,
      amount,
      memo: reason,
      email_type: 'none',
      metadata: { local_credit_note_id: creditNoteId },
      ...(outOfBand > 0 && { out_of_band_amount: outOfBand }),
    };
    await createOnce({
      key: `cn:${creditNoteId}:${outOfBand}`,
      create: (options) => stripe.creditNotes.create(parameters, options),
      find: () => findCreditNote(stripe, invoice.id, creditNoteId),
    });
    current = await stripe.invoices.retrieve(invoice.id);
  }
  return current;
}

/** The credit note of ours that an invoice has under that id, unless it is void. */
export async function findCreditNote(
  stripe: Stripe,
  invoiceId: string,
  creditNoteId: string,
): Promise<Stripe.CreditNote | undefined> {
  return (await creditNotesOf(stripe, invoiceId)).find((note) => localIdOf(note) === creditNoteId);
}

async function creditNotesOf(stripe: Stripe, invoice: string): Promise<Stripe.CreditNote[]> {
  const notes: Stripe.CreditNote[] = [];
  for await (const note of stripe.creditNotes.list({ invoice, limit: 100 }))
    if (note.status !== 'void') notes.push(note);
  return notes;
}

function localIdOf({ metadata }: Stripe.CreditNote): string | undefined {
  return metadata?.['local_credit_note_id'];
}
