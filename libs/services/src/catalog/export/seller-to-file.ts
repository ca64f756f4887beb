import { DEFAULT_SELLER, type Seller, type TaxRate } from '#domain';
import { seller as sellerInFile } from '../seller-in-file.js';
import type { InFile } from './exported-catalog.js';
import { withoutDefaults } from './without-defaults.js';

/** The sellers of an installation with their tax rates, as the fields `seller` and `sellers` of a catalogue file. */
export function sellersToFile(sellers: readonly Seller[], rates: readonly TaxRate[]): InFile {
  const parts = sellers.map(({ slug, ...seller }) => {
    const taxRates = rates.filter(({ sellerSlug }) => sellerSlug === slug).map(rateToFile);
    const own = withoutDefaults(sellerInFile, { ...seller, ...(taxRates.length > 0 && { taxRates }) }) as InFile;
    return { slug, own };
  });
  const usual = parts.find(({ slug }) => slug === DEFAULT_SELLER);
  const others = parts.filter((part) => part !== usual).map(({ slug, own }) => ({ slug, ...own }));
  return { ...(usual && { seller: usual.own }), ...(others.length > 0 && { sellers: others }) };
}

function rateToFile({ id: _id, sellerSlug: _seller, validFrom, validTo, ...rate }: TaxRate): InFile {
  return { ...rate, validFrom: validFrom.toISOString(), validTo: validTo?.toISOString() ?? null };
}
