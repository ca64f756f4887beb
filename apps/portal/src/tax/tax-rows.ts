import type { Money, Tax } from '../api/types.js';

/** The rows below lines: the sum, each tax, and the total; `about` before amounts that are not exact. */
export function taxRows(
  { subtotal, taxes, total }: { readonly subtotal: Money; readonly taxes: readonly Tax[]; readonly total: Money },
  { subtotalLabel = 'Subtotal', totalLabel = 'Total', about = '' } = {},
) {
  return [
    { label: subtotalLabel, amount: about + subtotal.formatted },
    ...taxes.map(({ label, amount }) => ({ label, amount: about + amount.formatted })),
    { label: totalLabel, amount: about + total.formatted },
  ];
}
