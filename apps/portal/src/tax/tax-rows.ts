import type { Invoice, Money, Tax } from '../api/types.js';

/** The rows below lines: the sum, each tax or that Stripe computes it later, and the total; `about` before amounts that are not exact. */
export function taxRows(
  {
    subtotal,
    taxes,
    taxTreatment = null,
    total,
    toBalance,
  }: {
    readonly subtotal: Money;
    readonly taxes: readonly Tax[];
    readonly taxTreatment?: Invoice['taxTreatment'];
    readonly total: Money;
    /** What the lines give back beyond what they charge. */
    readonly toBalance?: Money;
  },
  { subtotalLabel = 'Subtotal', totalLabel = 'Total', about = '' } = {},
) {
  return [
    { label: subtotalLabel, amount: about + subtotal.formatted },
    ...taxes.map(({ label, amount }) => ({ label, amount: about + amount.formatted })),
    ...(taxTreatment?.source === 'provider' && taxes.length === 0
      ? [{ label: 'Plus tax', amount: 'computed by Stripe' }]
      : []),
    { label: totalLabel, amount: about + total.formatted },
    ...(toBalance && BigInt(toBalance.amountMinor) > 0n
      ? [{ label: 'To your balance', amount: about + toBalance.formatted }]
      : []),
  ];
}
