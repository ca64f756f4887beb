import type { CreditPackInWords } from '../api/types.js';

/** What a pack may cost: one price, or what its buyer chooses. */
export type PackKind = 'fixed' | 'chosen';

export function kindOfPack({ minimum, maximum }: CreditPackInWords): PackKind {
  return minimum === undefined && maximum === undefined ? 'fixed' : 'chosen';
}

/** A pack to begin with, in the currency of the others, by a short name that no other has. */
export function newPack(packs: readonly CreditPackInWords[]): CreditPackInWords {
  const taken = new Set(packs.map(({ slug }) => slug));
  let number = packs.length + 1;
  while (taken.has(`pack-${number}`)) number += 1;
  return { slug: `pack-${number}`, title: '', currency: packs.at(-1)?.currency ?? 'EUR', price: '', credits: '' };
}

/** The pack with another kind of price: what belongs to the other kind goes. */
export function withKind(pack: CreditPackInWords, kind: PackKind): CreditPackInWords {
  const { slug, title, currency, price = '', credits = '', minimum = '', maximum = '', validDays } = pack;
  const kept = { slug, title, currency, ...(validDays !== undefined && { validDays }) };
  return kind === 'fixed' ? { ...kept, price, credits } : { ...kept, minimum, maximum };
}

/** The pack whose credits end so many days after they were paid; undefined for never. */
export function withDays(
  { validDays: _days, ...pack }: CreditPackInWords,
  days: number | undefined,
): CreditPackInWords {
  return days === undefined ? pack : { ...pack, validDays: days };
}
