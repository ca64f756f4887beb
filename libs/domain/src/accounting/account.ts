/** What an account holds: it says on which side of a balance sheet, or of the result, it stands. */
export type AccountKind = 'asset' | 'liability' | 'revenue' | 'expense';

interface AccountDescription {
  readonly kind: AccountKind;
  /** What it is called until finance maps it to its own chart. */
  readonly number: string;
  readonly name: string;
}

/** Every account that invoices and what becomes of them touch. */
export const ACCOUNTS = {
  cash: { kind: 'asset', number: '1000', name: 'Bank transfers received' },
  clearing: { kind: 'asset', number: '1100', name: 'Payment provider clearing' },
  disputed_funds: { kind: 'asset', number: '1110', name: 'Disputed payments held by banks' },
  receivables: { kind: 'asset', number: '1200', name: 'Accounts receivable' },
  customer_balances: { kind: 'liability', number: '2100', name: 'Customer balances (contract liability)' },
  prepaid_credits: { kind: 'liability', number: '2110', name: 'Prepaid credits (contract liability)' },
  refunds_payable: { kind: 'liability', number: '2120', name: 'Refunds under way' },
  deferred_revenue: { kind: 'liability', number: '2200', name: 'Deferred revenue' },
  tax_payable: { kind: 'liability', number: '2300', name: 'Tax payable' },
  fixed_fee_revenue: { kind: 'revenue', number: '4000', name: 'Revenue: fixed fees' },
  setup_fee_revenue: { kind: 'revenue', number: '4010', name: 'Revenue: set-up fees' },
  usage_revenue: { kind: 'revenue', number: '4100', name: 'Revenue: usage' },
  minimum_commitment_revenue: { kind: 'revenue', number: '4110', name: 'Revenue: minimum commitments' },
  expired_credit_revenue: { kind: 'revenue', number: '4120', name: 'Revenue: expired prepaid credits' },
  credit_notes: { kind: 'revenue', number: '4900', name: 'Credit notes (less revenue)' },
  promotional_credits: { kind: 'revenue', number: '4910', name: 'Promotional credits used (less revenue)' },
  discounts: { kind: 'revenue', number: '4920', name: 'Discounts by coupons (less revenue)' },
  provider_fees: { kind: 'expense', number: '6200', name: 'Payment provider fees' },
  adjustments: { kind: 'expense', number: '6300', name: 'Balance adjustments' },
  bad_debt: { kind: 'expense', number: '6400', name: 'Bad debt' },
} as const satisfies Readonly<Record<string, AccountDescription>>;

export type Account = keyof typeof ACCOUNTS;

export const accountKeys = Object.keys(ACCOUNTS) as readonly Account[];

/** How finance calls an account in its own chart. */
export interface AccountMapping {
  readonly account: Account;
  /** "product/plan" for what is of one plan only; null for the rest. */
  readonly plan: string | null;
  readonly number: string;
  readonly name: string;
}

/** The number and name of an account for what is of a plan: that of the plan, else that of the account, else our own. */
export function accountInChart(
  mappings: readonly AccountMapping[],
  account: Account,
  plan: string | null,
): { readonly number: string; readonly name: string } {
  const ofAccount = mappings.filter((mapping) => mapping.account === account);
  return (
    (plan === null ? undefined : ofAccount.find((mapping) => mapping.plan === plan)) ??
    ofAccount.find((mapping) => mapping.plan === null) ??
    ACCOUNTS[account]
  );
}
