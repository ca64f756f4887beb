import { type Invoice, type InvoiceLine } from '#domain';

/** A line as the provider has it: ours, or one that says what of the total is paid otherwise. */
export interface ProviderLine {
  readonly lineId: string;
  readonly description: string;
  readonly amountMinor: bigint;
}

/**
 * The lines of an invoice as the provider must have them: ours, and what was taken of the balance as a credit. They add up
 * to what the provider is to collect.
 */
export function providerLines(
  { id, balanceAppliedMinor }: Pick<Invoice, 'id' | 'balanceAppliedMinor'>,
  lines: readonly Pick<InvoiceLine, 'id' | 'description' | 'amountMinor'>[],
): ProviderLine[] {
  const own = lines.map((line) => ({ lineId: line.id, description: line.description, amountMinor: line.amountMinor }));
  if (balanceAppliedMinor === 0n) return own;
  return [...own, { lineId: `${id}-balance`, description: 'Paid from the balance', amountMinor: -balanceAppliedMinor }];
}
