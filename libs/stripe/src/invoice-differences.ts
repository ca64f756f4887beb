import type { CollectInvoiceRequest, ProviderInvoice } from '#domain';

/** What of a request the provider's invoice must equal. */
export type CheckedInvoice = Pick<
  CollectInvoiceRequest,
  'number' | 'currency' | 'ratingHash' | 'lines' | 'subtotalMinor' | 'computedTaxMinor'
>;

/** Every way in which the provider's invoice is not the one that was rated; empty when they are equal to the cent. */
export function invoiceDifferences(request: CheckedInvoice, found: ProviderInvoice): string[] {
  const expected = new Map(request.lines.filter(isSent).map((line) => [line.lineId, line.amountMinor]));
  const differences: string[] = [];
  const compare = (what: string, ours: unknown, theirs: unknown): void => {
    if (ours !== theirs) differences.push(`${what} is ${String(theirs)}, not ${String(ours)}`);
  };
  if (request.number !== null) compare('the number', request.number, found.number);
  compare('the currency', request.currency.toUpperCase(), found.currency);
  compare('the rating hash', request.ratingHash, found.metadata['rating_hash']);
  compare('the count of lines', expected.size, found.lines.length);
  const seen = new Set<string | null>();
  for (const { lineId, amountMinor } of found.lines) {
    const ours = lineId === null ? undefined : expected.get(lineId);
    if (ours === undefined || seen.has(lineId)) differences.push(`line ${lineId ?? 'without an id'} is not ours`);
    else compare(`line ${lineId}`, ours, amountMinor);
    seen.add(lineId);
  }
  for (const lineId of expected.keys()) if (!seen.has(lineId)) differences.push(`line ${lineId} is missing`);
  compare('the sum of lines', request.subtotalMinor, sumOf(found.lines));
  compare('the subtotal', request.subtotalMinor, found.subtotalMinor);
  // A discount that Stripe knows of would change what is charged, and so would a tax that is not the one that we have.
  compare('the total without tax', request.subtotalMinor, found.totalExcludingTaxMinor);
  compare('the total', request.subtotalMinor + (request.computedTaxMinor ?? 0n), found.totalMinor);
  return differences;
}

/** Lines of zero stay with us. */
export function isSent(line: { readonly amountMinor: bigint }): boolean {
  return line.amountMinor !== 0n;
}

export function sumOf(lines: readonly { readonly amountMinor: bigint }[]): bigint {
  return lines.reduce((sum, line) => sum + line.amountMinor, 0n);
}
