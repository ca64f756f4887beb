import {
  type Invoice,
  type InvoiceLine,
  type InvoiceTax,
  MOST_PROVIDER_LINES,
  collectedMinor,
  isTaxedByProvider,
  taxLabel,
} from '#domain';

/** So many numbers are named on a line. */
const NAMED = 10;

/** A line as the provider has it: ours, one for a tax, or one that says what of the total is paid otherwise. */
export interface ProviderLine {
  readonly lineId: string;
  readonly description: string;
  readonly amountMinor: bigint;
  /** Absent: it is, where the provider computes the tax. */
  readonly isTaxed?: false;
}

/** What of an invoice's line the provider's is made of. */
type OwnLine = Pick<InvoiceLine, 'id' | 'kind' | 'meter' | 'description' | 'amountMinor'>;

/**
 * The lines of an invoice as the provider must have them: ours, its taxes, what was taken of the balance as a credit, and what is
 * collected with it of others, of which `carriedNumbers` are the numbers. They add up to what the provider is to collect, without the tax
 * where it computes that itself: then no line is below zero, as it takes none, and what ours take off is off others. One that was carried asks for nothing there: another invoice does. Where they are more than the provider takes, ours
 * of the same kind and meter are one.
 */
export function providerLines(
  invoice: Pick<
    Invoice,
    'id' | 'number' | 'totalMinor' | 'balanceAppliedMinor' | 'carriedAt' | 'carriedInMinor' | 'taxTreatment'
  >,
  lines: readonly OwnLine[],
  taxes: readonly InvoiceTax[],
  carriedNumbers: readonly string[] = [],
): ProviderLine[] {
  const { id, balanceAppliedMinor, carriedAt, carriedInMinor } = invoice;
  const isTaxed = isTaxedByProvider(invoice);
  const own = isTaxed ? withoutNegatives(lines) : lines;
  const others: readonly ProviderLine[] = [
    ...(isTaxed ? [] : taxes).map((tax) => ({
      lineId: `${id}-tax-${tax.position}`,
      description: taxLabel(tax),
      amountMinor: tax.taxMinor,
    })),
    { lineId: `${id}-balance`, description: 'Paid from the balance', amountMinor: -balanceAppliedMinor },
    {
      lineId: `${id}-carried`,
      description: carriedText(carriedNumbers),
      amountMinor: carriedInMinor,
      ...(isTaxed && { isTaxed: false as const }),
    },
    {
      lineId: `${id}-elsewhere`,
      description: 'Carried to a later invoice',
      amountMinor: carriedAt === null ? 0n : -collectedMinor(invoice),
    },
  ];
  const sent = others.filter(({ amountMinor }) => amountMinor !== 0n);
  const charging = own.filter(({ amountMinor }) => amountMinor !== 0n);
  // Where the provider has made a draft to tax it, the same lines must be sent once others are collected with it.
  const places = isTaxed ? Math.max(sent.length, 1) : sent.length;
  if (charging.length + places <= MOST_PROVIDER_LINES) return [...own.map(toProviderLine), ...sent];
  return [...joinLines(invoice, charging), ...sent];
}

/** What lines take off is taken off the lines before them, the nearest first, then off those after: all are taxed alike. */
function withoutNegatives(lines: readonly OwnLine[]): OwnLine[] {
  const amounts = lines.map(({ amountMinor }) => amountMinor);
  for (const [index, amount] of amounts.entries()) {
    if (amount >= 0n) continue;
    amounts[index] = 0n;
    let offMinor = -amount;
    const before = [...amounts.keys()].slice(0, index).reverse();
    const after = [...amounts.keys()].slice(index + 1);
    for (const other of [...before, ...after]) {
      const available = amounts[other]!;
      const part = available < offMinor ? available : offMinor;
      if (part <= 0n) continue;
      amounts[other] = available - part;
      offMinor -= part;
    }
  }
  return lines.map((line, index) =>
    amounts[index] === line.amountMinor
      ? line
      : { ...line, amountMinor: amounts[index]!, description: `${line.description}, after discounts and credits` },
  );
}

function toProviderLine({ id: lineId, description, amountMinor }: OwnLine): ProviderLine {
  return { lineId, description, amountMinor };
}

/** One for each kind and meter, which says where to read the others: our invoice has all of them. */
function joinLines({ id, number }: Pick<Invoice, 'id' | 'number'>, lines: readonly OwnLine[]): ProviderLine[] {
  const groups = Map.groupBy(lines, ({ kind, meter }) => `${kind}-${meter ?? ''}`);
  return [...groups].map(([group, joined]) => {
    const [first] = joined;
    if (joined.length === 1) return toProviderLine(first!);
    const what = `${first!.kind.replaceAll('_', ' ')}${first!.meter === null ? '' : ` of ${first!.meter}`}`;
    return {
      lineId: `${id}-${group}`,
      description: `${joined.length} lines of ${what}: see invoice ${number ?? id}`,
      amountMinor: joined.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    };
  });
}

function carriedText(numbers: readonly string[]): string {
  if (numbers.length === 0) return 'Carried from earlier invoices';
  const named = numbers.slice(0, NAMED).join(', ');
  return `Carried from ${named}${numbers.length > NAMED ? ` and ${numbers.length - NAMED} others` : ''}`;
}
