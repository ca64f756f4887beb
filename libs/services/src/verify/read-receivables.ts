import { type Receivables, type ReceivablesPlace, listReceivables } from '#persistence';
import type { ServiceContext } from '../context.js';

/** A page of what organizations owe. */
export interface ReceivablesPage {
  readonly receivables: readonly Receivables[];
  /** After which the next page begins; null after the last. */
  readonly next: ReceivablesPlace | null;
}

/**
 * What organizations owe, by currency, and how that comes of what was issued: those where it does not add up first, then those who
 * owe the most; a page of them. Who owes nothing and was given up nothing is left out.
 */
export async function readReceivables(
  context: ServiceContext,
  { after, limit }: { readonly after: ReceivablesPlace | null; readonly limit: number } = { after: null, limit: 100 },
): Promise<ReceivablesPage> {
  const found = await context.unitOfWork.inSystemSnapshot((transaction) =>
    listReceivables(transaction, { after, limit: limit + 1 }),
  );
  const receivables = found.slice(0, limit);
  return { receivables, next: found.length > limit ? placeOf(receivables.at(-1)!) : null };
}

function placeOf({ organizationId, currency, openMinor, leftMinor }: Receivables): ReceivablesPlace {
  return { organizationId, currency, openMinor, agrees: leftMinor === openMinor };
}
