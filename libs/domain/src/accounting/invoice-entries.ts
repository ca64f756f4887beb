import type { InvoiceLineKind } from '../invoice/invoice.js';
import type { TimeSpan } from '../period/monthly-period.js';
import type { Account } from './account.js';
import { type JournalEntry, Postings, entry } from './journal-entry.js';
import { earnedByMonth } from './recognition.js';

/** A line of an invoice, or lines of one kind, plan and span together. */
export interface BookedLine {
  readonly kind: InvoiceLineKind;
  /** "product/plan". */
  readonly plan: string;
  readonly amountMinor: bigint;
  /** What it gives back beyond that, as the invoice charges no more: it is in the balance. */
  readonly cutMinor?: bigint | undefined;
  /** Of bought credits: what they are worth beyond their price. */
  readonly bonusMinor?: bigint | undefined;
  /** Of prepaid credits: they were given away, not bought. */
  readonly isPromotional?: boolean | undefined;
  /** What a fee pays for where that is not over when it is invoiced; null for what has been delivered. */
  readonly service: TimeSpan | null;
}

/** An issued invoice with everything that happened to it, in any order. Amounts are minor units of one currency. */
export interface BookedInvoice {
  readonly id: string;
  /** Null for one over nothing. */
  readonly number: string | null;
  readonly issuedAt: Date;
  readonly totalMinor: bigint;
  readonly taxMinor: bigint;
  /** What its lines give back beyond what they charge, which is what was cut of them, and the tax on it: it went to the balance. */
  readonly excessCreditMinor: bigint;
  readonly excessTaxMinor: bigint;
  /** They add up to the total without tax. */
  readonly lines: readonly BookedLine[];
  /** Those that succeeded. */
  readonly payments: readonly BookedPayment[];
  readonly creditNotes: readonly BookedCreditNote[];
  readonly refunds: readonly BookedRefund[];
  /** What it took of the balance (`applied`, below zero), or gave to it. */
  readonly balanceEntries: readonly BookedBalanceEntry[];
  readonly disputes: readonly BookedDispute[];
  /** Each time that it was given up. */
  readonly givenUpAt: readonly Date[];
  readonly voidedAt: Date | null;
}

export interface BookedPayment {
  readonly id: string;
  readonly at: Date;
  readonly amountMinor: bigint;
  /** By the payment provider; else it came to the bank. */
  readonly isByProvider: boolean;
  /** What a bank has taken back of a payment, below zero, or has given again. */
  readonly isChargeback?: boolean | undefined;
}

/** Money of a payment that a bank asks back. An inquiry has neither instant, and makes no entry. */
export interface BookedDispute {
  readonly id: string;
  readonly amountMinor: bigint;
  readonly withdrawnAt: Date | null;
  readonly reinstatedAt: Date | null;
}

export interface BookedCreditNote {
  readonly id: string;
  readonly number: string;
  readonly at: Date;
  /** What it gives back without tax, by "product/plan". */
  readonly nets: readonly { readonly plan: string; readonly amountMinor: bigint }[];
  readonly taxMinor: bigint;
  /** What it took off what was due. */
  readonly reducedMinor: bigint;
  /** What was to go to the card; the rest went to the balance. */
  readonly refundedMinor: bigint;
}

/** What of a credit note was to go to the card. One that is pending has neither instant, and makes no entry yet. */
export interface BookedRefund {
  readonly id: string;
  readonly amountMinor: bigint;
  readonly succeededAt: Date | null;
  /** The money went to the balance then. */
  readonly failedAt: Date | null;
}

export interface BookedBalanceEntry {
  readonly id: string;
  readonly kind: 'applied' | 'released' | 'overpayment';
  readonly at: Date;
  /** Positive in favour of the organization. */
  readonly amountMinor: bigint;
}

/** Where a line is credited when it is earned. */
const REVENUE: Readonly<Record<InvoiceLineKind, Account>> = {
  fixed_fee: 'fixed_fee_revenue',
  fixed_fee_credit: 'fixed_fee_revenue',
  setup_fee: 'setup_fee_revenue',
  usage: 'usage_revenue',
  late_usage: 'usage_revenue',
  minimum_commitment: 'minimum_commitment_revenue',
  discount: 'discounts',
  // Those that were bought: others were never owed.
  prepaid_credit: 'prepaid_credits',
  credit_purchase: 'prepaid_credits',
};

/**
 * The entries that an invoice and what became of it make in the books, oldest first:
 *
 * - when it is issued, its total is receivable; of each line what is earned is revenue and the rest is deferred; its tax is
 *   payable; what it gives back beyond what it charges is owed to the customer;
 * - at the end of each month what of a deferred fee is earned becomes revenue;
 * - what it took of the balance, payments and credit notes settle the receivable; a credit note of what is settled is owed to
 *   the customer, and what of it goes to the card is a refund under way until it succeeds or fails;
 * - a disputed payment is held by the bank until that gives it back; once it is lost and decided on, the invoice is receivable again;
 * - given up, what is left of the receivable is bad debt, and a later payment takes that back;
 * - void, everything is taken back but what was given to the balance, and nothing more is earned. One with credit notes
 *   cannot become void.
 *
 * The postings of each entry add up to nothing. After the last, `receivables` is what is due of the invoice. Pure.
 */
export function invoiceEntries(invoice: BookedInvoice): JournalEntry[] {
  const earnings = earningsOf(invoice);
  return [
    issueEntry(invoice, earnings),
    ...recognitionEntries(invoice, earnings),
    ...settlementEntries(invoice, earnings),
  ]
    .filter(({ postings }) => postings.length > 0)
    .toSorted((one, other) => one.at.getTime() - other.at.getTime());
}

/** What of a line is earned when. */
interface Earning {
  readonly account: Account;
  readonly plan: string | null;
  readonly atMs: number;
  readonly amountMinor: bigint;
  /** Taken back with a void invoice. */
  readonly isOfLines: boolean;
}

function earningsOf(invoice: BookedInvoice): Earning[] {
  const issuedMs = invoice.issuedAt.getTime();
  const ofLine = (
    { kind, plan, service, isPromotional }: BookedLine,
    amountMinor: bigint,
    isOfLines: boolean,
  ): Earning[] =>
    earnedByMonth(amountMinor, service ?? { startMs: issuedMs, endMs: issuedMs }).map((part) => ({
      account: isPromotional ? 'promotional_credits' : REVENUE[kind],
      plan,
      isOfLines,
      ...part,
    }));
  return invoice.lines.flatMap((line) => [
    ...ofLine(line, line.amountMinor, true),
    ...(line.cutMinor ? ofLine(line, -line.cutMinor, false) : []),
    ...bonusOf(line, issuedMs),
  ]);
}

/** Owed as credits from the start, and given away with them. */
function bonusOf({ plan, bonusMinor = 0n }: BookedLine, atMs: number): Earning[] {
  if (bonusMinor === 0n) return [];
  return [
    { account: 'prepaid_credits', plan, atMs, amountMinor: bonusMinor, isOfLines: true },
    { account: 'promotional_credits', plan, atMs, amountMinor: -bonusMinor, isOfLines: true },
  ];
}

function issueEntry(invoice: BookedInvoice, earnings: readonly Earning[]): JournalEntry {
  const { issuedAt, totalMinor, taxMinor, excessCreditMinor, excessTaxMinor } = invoice;
  const postings = new Postings().debit('receivables', totalMinor);
  for (const { account, plan, atMs, amountMinor } of earnings)
    postings.credit(atMs <= issuedAt.getTime() ? account : 'deferred_revenue', amountMinor, plan);
  postings.credit('tax_payable', taxMinor - excessTaxMinor);
  postings.credit('customer_balances', excessCreditMinor + excessTaxMinor);
  return entry('invoice', invoice.id, issuedAt, `Invoice ${nameOf(invoice)}`, postings);
}

function recognitionEntries(invoice: BookedInvoice, earnings: readonly Earning[]): JournalEntry[] {
  const later = earnings.filter(({ atMs, isOfLines }) => {
    const endMs = isOfLines ? (invoice.voidedAt?.getTime() ?? Infinity) : Infinity;
    return atMs > invoice.issuedAt.getTime() && atMs < endMs;
  });
  return [...Map.groupBy(later, ({ atMs }) => atMs)].map(([atMs, parts]) => {
    const postings = new Postings();
    for (const { account, plan, amountMinor } of parts)
      postings.debit('deferred_revenue', amountMinor, plan).credit(account, amountMinor, plan);
    const at = new Date(atMs);
    const words = `Earned of ${nameOf(invoice)} by ${at.toISOString().slice(0, 10)}`;
    return entry('recognition', `${invoice.id}:${at.toISOString()}`, at, words, postings);
  });
}

type Settlement =
  | { readonly type: 'balance'; readonly at: Date; readonly of: BookedBalanceEntry }
  | { readonly type: 'payment'; readonly at: Date; readonly of: BookedPayment }
  | { readonly type: 'credit_note'; readonly at: Date; readonly of: BookedCreditNote }
  | { readonly type: 'refund' | 'refund_failed'; readonly at: Date; readonly of: BookedRefund }
  | { readonly type: 'dispute' | 'dispute_returned'; readonly at: Date; readonly of: BookedDispute }
  | { readonly type: 'uncollectible'; readonly at: Date; readonly count: number }
  | { readonly type: 'void'; readonly at: Date };

/** At one instant in the order in which they depend on each other. */
function settlementsOf(invoice: BookedInvoice): Settlement[] {
  const { payments, creditNotes, refunds, balanceEntries, disputes, givenUpAt, voidedAt } = invoice;
  return [
    ...balanceEntries
      .filter(({ kind }) => kind === 'applied')
      .map((of) => ({ type: 'balance' as const, at: of.at, of })),
    ...disputes.flatMap((of) => (of.withdrawnAt ? [{ type: 'dispute' as const, at: of.withdrawnAt, of }] : [])),
    ...payments.map((of) => ({ type: 'payment' as const, at: of.at, of })),
    ...disputes.flatMap((of) =>
      of.reinstatedAt ? [{ type: 'dispute_returned' as const, at: of.reinstatedAt, of }] : [],
    ),
    ...creditNotes.map((of) => ({ type: 'credit_note' as const, at: of.at, of })),
    ...refunds.flatMap((of) => (of.succeededAt ? [{ type: 'refund' as const, at: of.succeededAt, of }] : [])),
    ...refunds.flatMap((of) => (of.failedAt ? [{ type: 'refund_failed' as const, at: of.failedAt, of }] : [])),
    ...givenUpAt.map((at, index) => ({ type: 'uncollectible' as const, at, count: index + 1 })),
    ...(voidedAt ? [{ type: 'void' as const, at: voidedAt }] : []),
    ...balanceEntries
      .filter(({ kind }) => kind !== 'applied')
      .map((of) => ({ type: 'balance' as const, at: of.at, of })),
  ].toSorted((one, other) => one.at.getTime() - other.at.getTime());
}

function settlementEntries(invoice: BookedInvoice, earnings: readonly Earning[]): JournalEntry[] {
  const books = new Receivable(invoice.totalMinor);
  return settlementsOf(invoice).map((settlement) => {
    const postings = new Postings();
    switch (settlement.type) {
      case 'balance': {
        const { id, kind, amountMinor, at } = settlement.of;
        books.settle(postings.debit('customer_balances', -amountMinor), -amountMinor);
        return entry('balance', id, at, `${balanceWords[kind]} ${nameOf(invoice)}`, postings);
      }
      case 'payment': {
        const { id, amountMinor, at, isByProvider, isChargeback } = settlement.of;
        const account = isByProvider ? 'clearing' : 'cash';
        books.settle(postings.debit(isChargeback ? 'disputed_funds' : account, amountMinor), amountMinor);
        return entry('payment', id, at, `${isChargeback ? 'Chargeback' : 'Payment'} of ${nameOf(invoice)}`, postings);
      }
      case 'credit_note': {
        const { id, number, at, nets, taxMinor, reducedMinor, refundedMinor } = settlement.of;
        for (const { plan, amountMinor } of nets) postings.debit('credit_notes', amountMinor, plan);
        postings.debit('tax_payable', taxMinor);
        postings.credit('customer_balances', totalOf(settlement.of) - reducedMinor - refundedMinor);
        postings.credit('refunds_payable', refundedMinor);
        books.settle(postings, reducedMinor);
        return entry('credit_note', id, at, `Credit note ${number} of ${nameOf(invoice)}`, postings);
      }
      case 'refund': {
        const { id, amountMinor } = settlement.of;
        postings.debit('refunds_payable', amountMinor).credit('clearing', amountMinor);
        return entry('refund', id, settlement.at, `Refund of ${nameOf(invoice)}`, postings);
      }
      case 'refund_failed': {
        const { id, amountMinor, succeededAt } = settlement.of;
        postings.debit(succeededAt ? 'clearing' : 'refunds_payable', amountMinor);
        postings.credit('customer_balances', amountMinor);
        return entry('refund_failed', id, settlement.at, `Refund of ${nameOf(invoice)} failed`, postings);
      }
      case 'dispute': {
        const { id, amountMinor } = settlement.of;
        postings.debit('disputed_funds', amountMinor).credit('clearing', amountMinor);
        return entry('dispute', id, settlement.at, `Payment of ${nameOf(invoice)} disputed`, postings);
      }
      case 'dispute_returned': {
        const { id, amountMinor } = settlement.of;
        postings.debit('clearing', amountMinor).credit('disputed_funds', amountMinor);
        return entry(
          'dispute_returned',
          id,
          settlement.at,
          `Disputed payment of ${nameOf(invoice)} given back`,
          postings,
        );
      }
      case 'uncollectible': {
        books.writeOff(postings);
        const id = settlement.count === 1 ? invoice.id : `${invoice.id}:${settlement.count}`;
        return entry('uncollectible', id, settlement.at, `${nameOf(invoice)} given up`, postings);
      }
      case 'void': {
        takeBack(invoice, earnings, settlement.at, postings);
        books.void(postings);
        return entry('void', invoice.id, settlement.at, `${nameOf(invoice)} void`, postings);
      }
    }
  });
}

const balanceWords: Readonly<Record<BookedBalanceEntry['kind'], string>> = {
  applied: 'Balance used for',
  released: 'Balance given back by',
  overpayment: 'Paid beyond',
};

/** What is receivable of an invoice, and what of it was given up. */
class Receivable {
  private dueMinor: bigint;
  private givenUpMinor = 0n;

  constructor(private readonly totalMinor: bigint) {
    this.dueMinor = totalMinor;
  }

  /** What settles the receivable first takes back what was given up of it. */
  settle(postings: Postings, amountMinor: bigint): void {
    const recoveredMinor = amountMinor <= 0n ? 0n : amountMinor < this.givenUpMinor ? amountMinor : this.givenUpMinor;
    this.givenUpMinor -= recoveredMinor;
    this.dueMinor -= amountMinor - recoveredMinor;
    postings.credit('bad_debt', recoveredMinor).credit('receivables', amountMinor - recoveredMinor);
  }

  writeOff(postings: Postings): void {
    const givenUpMinor = this.dueMinor > 0n ? this.dueMinor : 0n;
    this.givenUpMinor += givenUpMinor;
    this.dueMinor -= givenUpMinor;
    postings.debit('bad_debt', givenUpMinor).credit('receivables', givenUpMinor);
  }

  /** Nothing is owed any more, nor given up. */
  void(postings: Postings): void {
    postings.credit('receivables', this.totalMinor - this.givenUpMinor).credit('bad_debt', this.givenUpMinor);
    this.dueMinor -= this.totalMinor - this.givenUpMinor;
    this.givenUpMinor = 0n;
  }
}

function totalOf({ nets, taxMinor }: BookedCreditNote): bigint {
  return nets.reduce((sum, { amountMinor }) => sum + amountMinor, taxMinor);
}

function takeBack(invoice: BookedInvoice, earnings: readonly Earning[], at: Date, postings: Postings): void {
  for (const { account, plan, atMs, amountMinor } of earnings.filter(({ isOfLines }) => isOfLines)) {
    const isEarned = atMs <= invoice.issuedAt.getTime() || atMs < at.getTime();
    postings.debit(isEarned ? account : 'deferred_revenue', amountMinor, plan);
  }
  postings.debit('tax_payable', invoice.taxMinor);
}

function nameOf({ number, id }: BookedInvoice): string {
  return number ?? id;
}
