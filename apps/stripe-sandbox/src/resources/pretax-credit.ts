/** What was taken off by a discount. */
export interface DiscountAmount {
  readonly amount: number;
  readonly discount: string;
}

/** What was taken off before tax. */
export type PretaxCreditAmount =
  | (DiscountAmount & { readonly type: 'discount' })
  | {
      readonly amount: number;
      readonly credit_balance_transaction: string;
      readonly type: 'credit_balance_transaction';
    };
