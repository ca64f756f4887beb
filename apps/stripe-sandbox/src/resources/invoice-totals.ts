import type { Call } from '../sandbox.js';
import { automaticTaxOf, isNontaxable } from './automatic-tax.js';
import { customerOf } from './customer.js';
import { sumDiscountsOf } from './discount.js';
import { sumInvoice, type IdAmount } from './invoice-sums.js';
import { invoiceOf, putInvoice, type Invoice } from './invoice.js';
import type { InvoiceLine } from './invoice-line.js';
import { sumRatesOf, taxAmountOf, totalTaxes } from './tax.js';

/** Reckons discounts, taxes and sums of the draft anew, from its lines and what is known of its customer. */
export function addUpInvoice(call: Call, invoiceId: string): Invoice {
  const invoice = invoiceOf(call, invoiceId);
  const lines = call.store.childrenOf('invoice_lines', invoiceId).reverse();
  const exempt = call.store.get('customers', invoice.customer)?.tax_exempt ?? invoice.customer_tax_exempt;
  const customer = invoice.automatic_tax.enabled ? customerOf(call, invoice.customer, 'customer') : null;
  const automaticOf = (line: Pick<InvoiceLine, 'own_tax_code'>) =>
    customer && automaticTaxOf(call, customer, line.own_tax_code);
  const automatic = automaticOf({});
  const ratesOf = (line: InvoiceLine) => {
    const own = line.own_tax_rates?.length ? line.own_tax_rates : invoice.default_tax_rates;
    if (!automatic) return sumRatesOf(call, own);
    if (isNontaxable(line)) return [];
    return sumRatesOf(
      call,
      automaticOf(line)!.rates.map(({ id }) => id),
    );
  };
  const sums = sumInvoice(
    lines.map((line) => ({
      amount: line.amount,
      discountable: line.discountable,
      discounts: sumDiscountsOf(call, line.discounts),
      credits: creditsOf(line),
      taxRates: ratesOf(line),
    })),
    sumDiscountsOf(call, invoice.discounts),
    automatic === null && exempt !== 'none',
  );
  const reckoned = lines.map((line, index) => {
    const { discounts, taxes } = sums.lines[index]!;
    const amounts = discounts.map(({ id, amount }) => ({ amount, discount: id }));
    return keepLine(call, line, {
      discount_amounts: amounts,
      pretax_credit_amounts: [
        ...amounts.map((each) => ({ ...each, type: 'discount' as const })),
        ...line.pretax_credit_amounts.filter(({ type }) => type === 'credit_balance_transaction'),
      ],
      taxes: taxes.map((tax) => taxAmountOf(tax, exempt, automaticOf(line)?.reason)),
    });
  });
  const due = Math.max(0, sums.total);
  const discounted = totalsOf(
    reckoned.flatMap((line) => line.discount_amounts.map(({ amount, discount }) => ({ amount, id: discount }))),
  );
  const credited = totalsOf(reckoned.flatMap(creditsOf));
  return putInvoice(call, invoice, {
    amount_due: due,
    amount_remaining: due,
    automatic_tax: { ...invoice.automatic_tax, status: automatic?.status ?? null },
    subtotal: sums.subtotal,
    subtotal_excluding_tax: sums.subtotalExcludingTax,
    total: sums.total,
    total_discount_amounts: discounted.map(({ id, amount }) => ({ amount, discount: id })),
    total_excluding_tax: sums.totalExcludingTax,
    total_pretax_credit_amounts: [
      ...discounted.map(({ id, amount }) => ({ amount, discount: id, type: 'discount' as const })),
      ...credited.map(({ id, amount }) => ({
        amount,
        credit_balance_transaction: id,
        type: 'credit_balance_transaction' as const,
      })),
    ],
    total_taxes: totalTaxes(reckoned.flatMap(({ taxes }) => taxes)),
  });
}

/** What billing credits pay of the line. */
function creditsOf(line: InvoiceLine): IdAmount[] {
  return line.pretax_credit_amounts.flatMap((each) =>
    each.type === 'discount' ? [] : [{ id: each.credit_balance_transaction, amount: each.amount }],
  );
}

/** Writes only what differs: a draft of many lines is added up once for each. */
function keepLine(call: Call, line: InvoiceLine, change: Partial<InvoiceLine>): InvoiceLine {
  const parts = ['discount_amounts', 'pretax_credit_amounts', 'taxes'] as const;
  if (parts.every((name) => line[name].length === 0 && change[name]?.length === 0)) return line;
  const changed = { ...line, ...change };
  return JSON.stringify(changed) === JSON.stringify(line) ? line : call.store.put('invoice_lines', changed);
}

function totalsOf(amounts: readonly IdAmount[]): IdAmount[] {
  const byId = Map.groupBy(amounts, ({ id }) => id);
  return [...byId].map(([id, each]) => ({ id, amount: each.reduce((sum, { amount }) => sum + amount, 0) }));
}
