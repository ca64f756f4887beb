import { type Invoice, type InvoiceLine, type InvoiceTax, taxLabel } from '#domain';

/** A line as the provider has it: ours, one for a tax, or one that says what of the total is paid otherwise. */
export interface ProviderLine {
  readonly lineId: string;
  readonly description: string;
  readonly amountMinor: bigint;
}

/**
 * The lines of an invoice as the provider must have them: ours, its taxes, and what was taken of the balance as a credit.
 * They add up to what the provider is to collect; it computes no tax itself.
 */
export function providerLines(
  { id, balanceAppliedMinor }: Pick<Invoice, 'id' | 'balanceAppliedMinor'>,
  lines: readonly Pick<InvoiceLine, 'id' | 'description' | 'amountMinor'>[],
  taxes: readonly InvoiceTax[],
): ProviderLine[] {
  const own = [
    ...lines.map((line) => ({ lineId: line.id, description: line.description, amountMinor: line.amountMinor })),
    ...taxes.map((tax) => ({
      lineId: `${id}-tax-${tax.position}`,
      description: taxLabel(tax),
      amountMinor: tax.taxMinor,
    })),
  ];
  if (balanceAppliedMinor === 0n) return own;
  return [...own, { lineId: `${id}-balance`, description: 'Paid from the balance', amountMinor: -balanceAppliedMinor }];
}
