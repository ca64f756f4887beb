import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InvoiceLineKind } from '../invoice/invoice.js';
import type { Account } from './account.js';
import { accountInChart } from './account.js';
import { type BookedInvoice, type BookedLine, invoiceEntries } from './invoice-entries.js';
import { adjustmentEntry, creditExpiryEntry } from './other-entries.js';
import type { JournalEntry } from './journal-entry.js';
import { earnedByMonth } from './recognition.js';

const issuedAt = new Date('2026-02-01T01:00:00Z');
const day = (count: number) => new Date(issuedAt.getTime() + count * 86_400_000);
const february = { startMs: Date.UTC(2026, 1, 1), endMs: Date.UTC(2026, 2, 1) };
const year = { startMs: Date.UTC(2026, 1, 1), endMs: Date.UTC(2027, 1, 1) };

const anInvoice = (changes: Partial<BookedInvoice> = {}): BookedInvoice => {
  const lines = changes.lines ?? [aLine('usage', 1_000n)];
  const taxMinor = changes.taxMinor ?? 0n;
  return {
    id: 'i',
    number: 'INV-000001',
    issuedAt,
    totalMinor: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n) + taxMinor,
    taxMinor,
    excessCreditMinor: 0n,
    excessTaxMinor: 0n,
    lines,
    payments: [],
    creditNotes: [],
    refunds: [],
    balanceEntries: [],
    disputes: [],
    givenUpAt: [],
    voidedAt: null,
    ...changes,
  };
};
const aLine = (kind: InvoiceLineKind, amountMinor: bigint, service: BookedLine['service'] = null): BookedLine => ({
  kind,
  plan: 'weather/pro',
  amountMinor,
  service,
});

const balancesOf = (entries: readonly JournalEntry[], until = new Date('2100-01-01')) => {
  const balances: Partial<Record<Account, bigint>> = {};
  for (const { at, postings } of entries)
    for (const { account, amountMinor } of at <= until ? postings : [])
      balances[account] = (balances[account] ?? 0n) + amountMinor;
  return Object.fromEntries(Object.entries(balances).filter(([, amount]) => amount !== 0n));
};
const payment = (amountMinor: bigint, at = day(1), isByProvider = true) => ({ id: 'p', at, amountMinor, isByProvider });

describe('the entries of an invoice', () => {
  it('make it receivable against revenue by kind and tax, and a payment clears it', () => {
    const invoice = anInvoice({
      lines: [
        aLine('fixed_fee', 500n),
        aLine('usage', 300n),
        aLine('late_usage', 50n),
        aLine('minimum_commitment', 50n),
      ],
      taxMinor: 171n,
      payments: [payment(1_071n)],
    });
    const entries = invoiceEntries(invoice);
    expect(balancesOf(entries, issuedAt)).toEqual({
      receivables: 1_071n,
      fixed_fee_revenue: -500n,
      usage_revenue: -350n,
      minimum_commitment_revenue: -50n,
      tax_payable: -171n,
    });
    expect(balancesOf(entries)).toMatchObject({ clearing: 1_071n, usage_revenue: -350n });
    expect(balancesOf(entries)).not.toHaveProperty('receivables');
    expect(entries.map(({ id }) => id)).toEqual(['invoice:i', 'payment:p']);
  });

  it('defer a fee in advance and earn it month by month', () => {
    const entries = invoiceEntries(anInvoice({ lines: [aLine('fixed_fee', 36_500n, year)] }));
    expect(balancesOf(entries, issuedAt)).toEqual({ receivables: 36_500n, deferred_revenue: -36_500n });
    expect(balancesOf(entries, new Date('2026-02-28T23:59:59.999Z'))).toMatchObject({ fixed_fee_revenue: -2_800n });
    expect(balancesOf(entries, new Date('2026-12-31T23:59:59.999Z'))).toMatchObject({ deferred_revenue: -3_100n });
    expect(balancesOf(entries)).toEqual({ receivables: 36_500n, fixed_fee_revenue: -36_500n });
    expect(entries.filter(({ kind }) => kind === 'recognition')).toHaveLength(12);
  });

  it('earn at once what was over when it was invoiced', () => {
    const service = { startMs: Date.UTC(2025, 11, 15), endMs: Date.UTC(2026, 0, 15) };
    expect(invoiceEntries(anInvoice({ lines: [aLine('fixed_fee', 100n, service)] }))).toHaveLength(1);
  });

  it('owe the customer what the lines give back beyond what they charge, and take it off the lines that it is of', () => {
    const lines = [
      aLine('usage', 100n),
      { ...aLine('fixed_fee_credit', -100n, february), cutMinor: 250n },
      { ...aLine('late_usage', 0n), plan: 'weather/other', cutMinor: 50n },
    ];
    const entries = invoiceEntries(anInvoice({ lines, excessCreditMinor: 300n, excessTaxMinor: 57n, totalMinor: 0n }));
    expect(balancesOf(entries)).toEqual({
      customer_balances: -357n,
      usage_revenue: -50n,
      fixed_fee_revenue: 350n,
      tax_payable: 57n,
    });
    const given = entries.flatMap(({ postings }) => postings).filter(({ plan }) => plan === 'weather/other');
    expect(given).toEqual([{ account: 'usage_revenue', plan: 'weather/other', amountMinor: 50n }]);
  });

  it('pay usage with credits that were bought from what is owed of them, and with given ones from revenue', () => {
    const lines = [
      aLine('usage', 100n),
      aLine('prepaid_credit', -30n),
      { ...aLine('prepaid_credit', -20n), isPromotional: true },
    ];
    expect(balancesOf(invoiceEntries(anInvoice({ lines })))).toEqual({
      receivables: 50n,
      usage_revenue: -100n,
      prepaid_credits: 30n,
      promotional_credits: 20n,
    });
  });

  it('owe credits that are bought with their bonus, which is given away', () => {
    const invoice = anInvoice({ lines: [{ ...aLine('credit_purchase', 9_000n), bonusMinor: 1_000n }] });
    expect(balancesOf(invoiceEntries(invoice))).toEqual({
      receivables: 9_000n,
      prepaid_credits: -10_000n,
      promotional_credits: 1_000n,
    });
    expect(balancesOf(invoiceEntries({ ...invoice, voidedAt: day(1) }))).toEqual({});
    const expired = creditExpiryEntry({ id: 'g', at: issuedAt, amountMinor: 400n });
    expect(balancesOf([expired])).toEqual({ prepaid_credits: 400n, expired_credit_revenue: -400n });
  });

  it('take a credit note off what is due first, and owe the customer the rest', () => {
    const note = {
      id: 'n',
      number: 'INV-CN-000001',
      at: day(2),
      nets: [{ plan: 'weather/pro', amountMinor: 500n }],
      taxMinor: 95n,
      reducedMinor: 190n,
      refundedMinor: 0n,
    };
    const invoice = anInvoice({ taxMinor: 190n, payments: [payment(1_000n)], creditNotes: [note] });
    expect(balancesOf(invoiceEntries(invoice))).toEqual({
      clearing: 1_000n,
      usage_revenue: -1_000n,
      tax_payable: -95n,
      credit_notes: 500n,
      customer_balances: -405n,
    });
  });

  it('keep a refund under way until the provider has paid it, and owe the customer one that fails, also afterwards', () => {
    const note = {
      id: 'n',
      number: 'INV-CN-000001',
      at: day(2),
      nets: [{ plan: 'weather/pro', amountMinor: 500n }],
      taxMinor: 95n,
      reducedMinor: 0n,
      refundedMinor: 400n,
    };
    const refund = { id: 'r', amountMinor: 400n, succeededAt: null, failedAt: null };
    const paid = { taxMinor: 190n, payments: [payment(1_190n)], creditNotes: [note] };
    const after = (changes: Partial<typeof refund> | { succeededAt?: Date; failedAt?: Date }) =>
      balancesOf(invoiceEntries(anInvoice({ ...paid, refunds: [{ ...refund, ...changes }] })));
    const rest = { usage_revenue: -1_000n, tax_payable: -95n, credit_notes: 500n };
    expect(after({})).toEqual({ ...rest, clearing: 1_190n, customer_balances: -195n, refunds_payable: -400n });
    expect(after({ succeededAt: day(3) })).toEqual({ ...rest, clearing: 790n, customer_balances: -195n });
    const failed = { ...rest, clearing: 1_190n, customer_balances: -595n };
    expect(after({ failedAt: day(3) })).toEqual(failed);
    expect(after({ succeededAt: day(3), failedAt: day(4) })).toEqual(failed);
  });

  it('make bad debt of what is given up, and take it back when it is paid after all', () => {
    const given = anInvoice({ payments: [payment(400n)], givenUpAt: [day(60)] });
    expect(balancesOf(invoiceEntries(given))).toEqual({ clearing: 400n, usage_revenue: -1_000n, bad_debt: 600n });
    const paid = anInvoice({ payments: [payment(1_000n, day(90), false)], givenUpAt: [day(60)] });
    expect(balancesOf(invoiceEntries(paid))).toEqual({ cash: 1_000n, usage_revenue: -1_000n });
  });

  it('hold a disputed payment apart, and make it receivable again, or bad debt, once it is lost', () => {
    const dispute = { id: 'd', amountMinor: 1_000n, withdrawnAt: day(40), reinstatedAt: null };
    const disputed = { payments: [payment(1_000n)], disputes: [dispute] };
    const after = (changes: Partial<BookedInvoice>) =>
      balancesOf(invoiceEntries(anInvoice({ ...disputed, ...changes })));
    const revenue = { usage_revenue: -1_000n };
    expect(after({})).toEqual({ ...revenue, disputed_funds: 1_000n });
    expect(after({ disputes: [{ ...dispute, reinstatedAt: day(50) }] })).toEqual({ ...revenue, clearing: 1_000n });
    expect(after({ disputes: [{ ...dispute, withdrawnAt: null }] })).toEqual({ ...revenue, clearing: 1_000n });
    const chargeback = { ...payment(-1_000n, day(60)), id: 'c', isChargeback: true };
    const lost = { payments: [...disputed.payments, chargeback] };
    expect(after(lost)).toEqual({ ...revenue, receivables: 1_000n });
    expect(after({ ...lost, givenUpAt: [day(60)] })).toEqual({ ...revenue, bad_debt: 1_000n });
    const returned = { ...chargeback, id: 'r', at: day(70), amountMinor: 1_000n };
    const won = { payments: [...lost.payments, returned], disputes: [{ ...dispute, reinstatedAt: day(70) }] };
    expect(after({ ...won, givenUpAt: [day(60)] })).toEqual({ ...revenue, clearing: 1_000n });
  });

  it('write off again what was given up, paid, and then lost in a dispute', () => {
    const chargeback = { ...payment(-1_000n, day(80)), id: 'c', isChargeback: true };
    const invoice = anInvoice({
      givenUpAt: [day(60), day(80)],
      payments: [payment(1_000n, day(70)), chargeback],
      disputes: [{ id: 'd', amountMinor: 1_000n, withdrawnAt: day(75), reinstatedAt: null }],
    });
    expect(balancesOf(invoiceEntries(invoice))).toEqual({ usage_revenue: -1_000n, bad_debt: 1_000n });
    expect(new Set(invoiceEntries(invoice).map(({ id }) => id)).size).toBe(invoiceEntries(invoice).length);
  });

  it('leave nothing of a void invoice, and what it took of the balance is owed again', () => {
    const invoice = anInvoice({
      lines: [aLine('fixed_fee', 28_000n, year), aLine('usage', 500n)],
      taxMinor: 5_415n,
      voidedAt: new Date('2026-04-15T00:00:00Z'),
      balanceEntries: [
        { id: 'b', kind: 'applied', at: issuedAt, amountMinor: -2_000n },
        { id: 'r', kind: 'released', at: new Date('2026-04-15T00:00:00Z'), amountMinor: 2_000n },
      ],
    });
    const entries = invoiceEntries(invoice);
    expect(balancesOf(entries, day(1))).toMatchObject({ customer_balances: 2_000n, receivables: 31_915n });
    expect(balancesOf(entries)).toEqual({});
    expect(entries.at(-1)!.at).toEqual(invoice.voidedAt);
  });

  it('are none of an invoice over nothing', () => {
    expect(invoiceEntries(anInvoice({ lines: [aLine('usage', 0n)], number: null }))).toEqual([]);
  });

  it('balance, each by itself, and end with what is due of the invoice, whatever happens to it', () => {
    fc.assert(
      fc.property(aLife, ({ invoice, dueMinor }) => {
        const entries = invoiceEntries(invoice);
        for (const { postings, id } of entries) {
          expect(
            postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
            id,
          ).toBe(0n);
          expect(postings.every(({ amountMinor }) => amountMinor !== 0n)).toBe(true);
        }
        expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
        const balances = balancesOf(entries);
        expect(balances['receivables'] ?? 0n).toBe(dueMinor);
        expect(balances['deferred_revenue'] ?? 0n).toBe(0n);
        const times = entries.map(({ at }) => at.getTime());
        expect(times).toEqual(times.toSorted((one, other) => one - other));
      }),
      { numRuns: 500 },
    );
  });
});

const lineKinds = ['fixed_fee', 'setup_fee', 'usage', 'late_usage', 'minimum_commitment'] as const;
const amount = (max: number) => fc.bigInt({ min: 0n, max: BigInt(max) });

/** An invoice that takes of the balance, is paid and credited in parts, and ends open, given up, paid or void. */
const aLife = fc
  .record({
    lines: fc.array(
      fc.record({
        kind: fc.constantFrom(...lineKinds),
        amountMinor: amount(1_000_000),
        service: fc.option(
          fc.record({ startMs: fc.integer({ min: -400, max: 400 }), days: fc.integer({ min: 0, max: 400 }) }),
        ),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    taxPercent: fc.integer({ min: 0, max: 27 }),
    applied: fc.integer({ min: 0, max: 100 }),
    steps: fc.array(
      fc.record({ type: fc.constantFrom('payment', 'credit_note'), percent: fc.integer({ min: 1, max: 130 }) }),
      { maxLength: 4 },
    ),
    end: fc.constantFrom('open', 'uncollectible', 'uncollectible then paid', 'void'),
  })
  .map(({ lines, taxPercent, applied, steps, end }) => {
    const net = lines.reduce((sum, line) => sum + line.amountMinor, 0n);
    const taxMinor = (net * BigInt(taxPercent)) / 100n;
    const total = net + taxMinor;
    const used = (total * BigInt(applied)) / 100n;
    let due = total - used;
    let paid = 0n;
    let credited = 0n;
    const payments: ReturnType<typeof payment>[] = [];
    const creditNotes: BookedInvoice['creditNotes'][number][] = [];
    const balanceEntries: BookedInvoice['balanceEntries'][number][] =
      used > 0n ? [{ id: 'a', kind: 'applied' as const, at: issuedAt, amountMinor: -used }] : [];
    for (const [index, { type, percent }] of steps.entries()) {
      const at = day(index + 1);
      // One with credit notes cannot become void.
      if (type === 'payment' || end === 'void') {
        const amountMinor = (due * BigInt(percent)) / 100n;
        if (amountMinor === 0n) continue;
        payments.push({ ...payment(amountMinor, at), id: `p${index}` });
        paid += amountMinor;
        const beyond = amountMinor > due ? amountMinor - due : 0n;
        if (beyond > 0n) balanceEntries.push({ id: `o${index}`, kind: 'overpayment', at, amountMinor: beyond });
        due -= amountMinor - beyond;
      } else {
        const left = total - credited;
        const noteTotal = (left * BigInt(Math.min(percent, 100))) / 100n;
        if (noteTotal === 0n) continue;
        const reducedMinor = noteTotal < due ? noteTotal : due;
        const noteTax = (noteTotal * BigInt(taxPercent)) / BigInt(100 + taxPercent);
        creditNotes.push({
          id: `n${index}`,
          number: `CN-${index}`,
          at,
          nets: [{ plan: 'weather/pro', amountMinor: noteTotal - noteTax }],
          taxMinor: noteTax,
          reducedMinor,
          refundedMinor: 0n,
        });
        credited += noteTotal;
        due -= reducedMinor;
      }
    }
    const isGivenUp = end.startsWith('uncollectible');
    const over = balanceEntries
      .filter(({ kind }) => kind === 'overpayment')
      .reduce((sum, one) => sum + one.amountMinor, 0n);
    if (end === 'uncollectible then paid' && due > 0n) payments.push({ ...payment(due, day(90)), id: 'last' });
    if (end === 'void') {
      if (used > 0n) balanceEntries.push({ id: 'r', kind: 'released', at: day(70), amountMinor: used });
      if (paid > over) balanceEntries.push({ id: 'v', kind: 'overpayment', at: day(70), amountMinor: paid - over });
    }
    const invoice = anInvoice({
      lines: lines.map(({ kind, amountMinor, service }) => {
        const startMs = issuedAt.getTime() + (service?.startMs ?? 0) * 86_400_000;
        return aLine(kind, amountMinor, service && { startMs, endMs: startMs + service.days * 86_400_000 });
      }),
      taxMinor,
      payments,
      creditNotes,
      balanceEntries,
      givenUpAt: isGivenUp ? [day(60)] : [],
      voidedAt: end === 'void' ? day(70) : null,
    });
    return { invoice, dueMinor: end === 'open' ? due : 0n };
  });

describe('what is earned by month', () => {
  it('adds up, never runs ahead of time, and ends with the span', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        fc.integer({ min: 1, max: 40_000_000_000 }),
        (amountMinor, startMs, lengthMs) => {
          const parts = earnedByMonth(amountMinor, { startMs, endMs: startMs + lengthMs });
          expect(parts.reduce((sum, part) => sum + part.amountMinor, 0n)).toBe(amountMinor);
          expect(parts.at(-1)!.atMs).toBe(startMs + lengthMs - 1);
          let earned = 0n;
          for (const { atMs, amountMinor: part } of parts) {
            earned += part;
            const ahead = earned * BigInt(lengthMs) - amountMinor * BigInt(atMs + 1 - startMs);
            expect(amountMinor < 0n ? ahead >= 0n : ahead <= 0n).toBe(true);
          }
        },
      ),
    );
  });

  it('cuts at the ends of months in UTC', () => {
    const span = { startMs: Date.UTC(2027, 11, 15), endMs: Date.UTC(2028, 2, 15) };
    expect(earnedByMonth(9_100n, span).map(({ atMs }) => new Date(atMs).toISOString())).toEqual([
      '2027-12-31T23:59:59.999Z',
      '2028-01-31T23:59:59.999Z',
      '2028-02-29T23:59:59.999Z',
      '2028-03-14T23:59:59.999Z',
    ]);
  });
});

it('an adjustment is an expense against the balance, in either direction', () => {
  const entry = (amountMinor: bigint) =>
    balancesOf([adjustmentEntry({ id: 'a', at: issuedAt, amountMinor, reason: 'An outage' })]);
  expect(entry(500n)).toEqual({ adjustments: 500n, customer_balances: -500n });
  expect(entry(-500n)).toEqual({ adjustments: -500n, customer_balances: 500n });
});

it('finance calls accounts as it likes, for one plan otherwise than for the rest', () => {
  const mappings = [
    { account: 'usage_revenue', plan: null, number: '8400', name: 'Erlöse' },
    { account: 'usage_revenue', plan: 'weather/pro', number: '8401', name: 'Erlöse Pro' },
  ] as const;
  expect(accountInChart(mappings, 'usage_revenue', 'weather/pro').number).toBe('8401');
  expect(accountInChart(mappings, 'usage_revenue', 'weather/free').number).toBe('8400');
  expect(accountInChart(mappings, 'receivables', null).number).toBe('1200');
});
