import type { Call } from '../sandbox.js';
import { addCredit, addDebit, balanceOf, isUsable, type CreditGrant, type CreditScope } from './credit-grant.js';
import type { InvoiceLine } from './invoice-line.js';
import { addUpInvoice } from './invoice-totals.js';
import type { Invoice } from './invoice.js';

export function isInScope({ prices }: CreditScope, price: string): boolean {
  return prices?.some(({ id }) => id === price) ?? true;
}

/** Pays for usage by what the customer has been granted, as the invoice is finalized: after discounts, before taxes. */
export function applyCredits(call: Call, draft: Invoice): Invoice {
  const grants = call.store
    .all('credit_grants')
    .filter((grant) => grant.customer === draft.customer && grant.amount.monetary.currency === draft.currency)
    .filter((grant) => isUsable(call, grant))
    .sort(byUse);
  if (grants.length === 0) return draft;
  for (const line of call.store.childrenOf('invoice_lines', draft.id).reverse()) {
    const price = meteredPriceOf(call, line);
    if (price !== undefined)
      payLine(
        call,
        line,
        grants.filter(({ applicability_config: { scope } }) => isInScope(scope, price)),
      );
  }
  return addUpInvoice(call, draft.id);
}

/** Gives back what a void invoice had used. */
export function giveCreditsBack(call: Call, invoice: Invoice): void {
  for (const line of call.store.childrenOf('invoice_lines', invoice.id)) {
    for (const credit of line.pretax_credit_amounts) {
      if (credit.type === 'discount') continue;
      const transaction = call.store.get('credit_transactions', credit.credit_balance_transaction);
      const grant = transaction && call.store.get('credit_grants', transaction.credit_grant);
      if (grant === undefined) continue;
      const from = { invoice: invoice.id, invoice_line_item: line.id };
      addCredit(call, grant, credit.amount, 'credits_application_invoice_voided', from);
    }
  }
}

/** The order that Stripe documents: priority, then what expires sooner, what was given, and what is older. */
function byUse(a: CreditGrant, b: CreditGrant): number {
  const given = ({ category }: CreditGrant): number => (category === 'promotional' ? 0 : 1);
  return (
    a.priority - b.priority ||
    (a.expires_at ?? Number.MAX_SAFE_INTEGER) - (b.expires_at ?? Number.MAX_SAFE_INTEGER) ||
    given(a) - given(b) ||
    a.effective_at - b.effective_at ||
    a.created - b.created
  );
}

function meteredPriceOf(call: Call, line: InvoiceLine): string | undefined {
  const id = line.parent.subscription_item_details === null ? undefined : line.pricing.price_details?.price;
  const price = id === undefined ? undefined : call.store.get('prices', id);
  return price?.recurring?.usage_type === 'metered' ? price.id : undefined;
}

function payLine(call: Call, line: InvoiceLine, grants: readonly CreditGrant[]): void {
  let left = line.amount - line.pretax_credit_amounts.reduce((sum, { amount }) => sum + amount, 0);
  const paid = grants.flatMap((grant) => {
    const amount = Math.min(left, balanceOf(call, grant));
    if (amount <= 0) return [];
    left -= amount;
    const on = { invoice: line.invoice, invoice_line_item: line.id };
    const { id } = addDebit(call, grant, amount, 'credits_applied', on);
    return [{ amount, credit_balance_transaction: id, type: 'credit_balance_transaction' as const }];
  });
  if (paid.length === 0) return;
  call.store.put('invoice_lines', { ...line, pretax_credit_amounts: [...line.pretax_credit_amounts, ...paid] });
}
