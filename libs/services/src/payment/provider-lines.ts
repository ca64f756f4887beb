import { type Invoice, type InvoiceLine, type InvoiceTax, collectedMinor, taxLabel } from '#domain';

/** So many numbers are named on a line. */
const NAMED = 10;

/** A line as the provider has it: ours, one for a tax, or one that says what of the total is paid otherwise. */
export interface ProviderLine {
  readonly lineId: string;
  readonly description: string;
  readonly amountMinor: bigint;
}

/**
 * The lines of an invoice as the provider must have them: ours, its taxes, what was taken of the balance as a credit, and what is
 * collected with it of others, of which `carriedNumbers` are the numbers. They add up to what the provider is to collect; it computes
 * no tax itself. One that was carried asks for nothing there: another invoice does.
 */
export function providerLines(
  invoice: Pick<Invoice, 'id' | 'totalMinor' | 'balanceAppliedMinor' | 'carriedAt' | 'carriedInMinor'>,
  lines: readonly Pick<InvoiceLine, 'id' | 'description' | 'amountMinor'>[],
  taxes: readonly InvoiceTax[],
  carriedNumbers: readonly string[] = [],
): ProviderLine[] {
  const { id, balanceAppliedMinor, carriedAt, carriedInMinor } = invoice;
  const own = [
    ...lines.map((line) => ({ lineId: line.id, description: line.description, amountMinor: line.amountMinor })),
    ...taxes.map((tax) => ({
      lineId: `${id}-tax-${tax.position}`,
      description: taxLabel(tax),
      amountMinor: tax.taxMinor,
    })),
  ];
  const others = [
    { lineId: `${id}-balance`, description: 'Paid from the balance', amountMinor: -balanceAppliedMinor },
    { lineId: `${id}-carried`, description: carriedText(carriedNumbers), amountMinor: carriedInMinor },
    {
      lineId: `${id}-elsewhere`,
      description: 'Carried to a later invoice',
      amountMinor: carriedAt === null ? 0n : -collectedMinor(invoice),
    },
  ];
  return [...own, ...others.filter(({ amountMinor }) => amountMinor !== 0n)];
}

function carriedText(numbers: readonly string[]): string {
  if (numbers.length === 0) return 'Carried from earlier invoices';
  const named = numbers.slice(0, NAMED).join(', ');
  return `Carried from ${named}${numbers.length > NAMED ? ` and ${numbers.length - NAMED} others` : ''}`;
}
