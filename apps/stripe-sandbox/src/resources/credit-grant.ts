import type { Metadata } from '../http/metadata.js';
import { noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { waitUntil } from './due.js';

/** Money that pays for usage before it is invoiced. */
export interface CreditGrant {
  readonly id: string;
  readonly object: 'billing.credit_grant';
  readonly amount: { readonly monetary: Money; readonly type: 'monetary' };
  readonly applicability_config: { readonly scope: CreditScope };
  readonly category: 'paid' | 'promotional';
  readonly created: number;
  readonly customer: string;
  readonly customer_account: null;
  readonly effective_at: number;
  readonly expires_at: number | null;
  readonly livemode: false;
  readonly metadata: Metadata;
  readonly name: string | null;
  /** From 0, which is used first, to 100. */
  readonly priority: number;
  readonly test_clock: string | null;
  readonly updated: number;
  readonly voided_at: number | null;
}

export interface Money {
  readonly currency: string;
  readonly value: number;
}

/** All metered prices, or those that are named. */
export interface CreditScope {
  readonly price_type?: 'metered';
  readonly prices?: readonly { readonly id: string }[];
}

interface Movement {
  readonly amount: { readonly monetary: Money; readonly type: 'monetary' };
}

interface OfLine {
  readonly invoice: string;
  readonly invoice_line_item: string;
}

export interface CreditBalanceTransaction {
  readonly id: string;
  readonly object: 'billing.credit_balance_transaction';
  readonly created: number;
  readonly credit:
    | (Movement & {
        readonly credits_application_invoice_voided: OfLine | null;
        readonly type: 'credits_application_invoice_voided' | 'credits_granted';
      })
    | null;
  readonly credit_grant: string;
  readonly debit:
    | (Movement & {
        readonly credits_applied: OfLine | null;
        readonly type: 'credits_applied' | 'credits_expired' | 'credits_voided';
      })
    | null;
  readonly effective_at: number;
  readonly livemode: false;
  readonly test_clock: string | null;
  readonly type: 'credit' | 'debit';
}

export function creditGrantOf(call: Call, id: string, param = 'id'): CreditGrant {
  const grant = call.store.get('credit_grants', id);
  if (grant === undefined) throw noSuch('credit grant', id, param);
  return grant;
}

/** What is left of the grant, in minor units. */
export function balanceOf(call: Call, grant: CreditGrant): number {
  return call.store
    .childrenOf('credit_transactions', grant.id)
    .reduce(
      (sum, { credit, debit }) => sum + (credit?.amount.monetary.value ?? 0) - (debit?.amount.monetary.value ?? 0),
      0,
    );
}

/** Whether the grant can pay for something now. */
export function isUsable(
  call: Call,
  { effective_at: from, expires_at: until, voided_at: voided }: CreditGrant,
): boolean {
  return voided === null && from <= call.now && (until === null || until > call.now);
}

export function addCredit(
  call: Call,
  grant: CreditGrant,
  value: number,
  type: NonNullable<CreditBalanceTransaction['credit']>['type'],
  line: OfLine | null = null,
): CreditBalanceTransaction {
  return move(call, grant, {
    credit: { amount: amountOf(grant, value), credits_application_invoice_voided: line, type },
    debit: null,
    type: 'credit',
  });
}

export function addDebit(
  call: Call,
  grant: CreditGrant,
  value: number,
  type: NonNullable<CreditBalanceTransaction['debit']>['type'],
  line: OfLine | null = null,
): CreditBalanceTransaction {
  return move(call, grant, {
    credit: null,
    debit: { amount: amountOf(grant, value), credits_applied: line, type },
    type: 'debit',
  });
}

/** Takes what is left of a grant that is over. */
export function expireGrant(call: Call, grant: CreditGrant): CreditGrant {
  const left = balanceOf(call, grant);
  if (left > 0) addDebit(call, grant, left, 'credits_expired');
  return putGrant(call, grant, { expires_at: call.now });
}

/** Lets a grant end when its time has come. */
export function advanceGrant(call: Call, id: string): void {
  const grant = call.store.get('credit_grants', id);
  if (grant && grant.voided_at === null && grant.expires_at !== null && grant.expires_at <= call.now) {
    expireGrant(call, grant);
  }
}

/** Changes the grant, says so, and notes when it ends by itself. */
export function putGrant(call: Call, before: CreditGrant, change: Partial<CreditGrant>): CreditGrant {
  const grant = call.store.put('credit_grants', { ...before, ...change, updated: call.now });
  call.emit('billing.credit_grant.updated', grant);
  waitForGrant(call, grant);
  return grant;
}

export function waitForGrant(call: Call, grant: CreditGrant): void {
  const { expires_at: until, voided_at: voided } = grant;
  waitUntil(call, 'credit_grant', grant, until !== null && until > call.now && voided === null ? until : null);
}

function amountOf(grant: CreditGrant, value: number): Movement['amount'] {
  return { monetary: { currency: grant.amount.monetary.currency, value }, type: 'monetary' };
}

function move(
  call: Call,
  grant: CreditGrant,
  fields: Pick<CreditBalanceTransaction, 'credit' | 'debit' | 'type'>,
): CreditBalanceTransaction {
  const transaction = call.store.put('credit_transactions', {
    id: newId('cbtxn_test'),
    object: 'billing.credit_balance_transaction',
    created: call.now,
    credit_grant: grant.id,
    effective_at: Math.max(call.now, grant.effective_at),
    livemode: false,
    test_clock: grant.test_clock,
    ...fields,
  });
  call.emit('billing.credit_balance_transaction.created', transaction);
  return transaction;
}
