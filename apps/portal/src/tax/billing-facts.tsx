import type { BillingDetails } from '../api/types.js';
import { Facts } from '../components/facts.js';
import { countryName } from '../format/country.js';
import { placeCode, printedAddress, taxNumberWords } from './tax-words.js';

/** What invoices say of an organization. */
export function BillingFacts({ details }: { readonly details: BillingDetails }) {
  const { legalName, organizationName, country, region, purchaseOrderNumber, exemptionReason } = details;
  const address = printedAddress(details);
  const { taxIds, taxIdChecks } = details;
  return (
    <Facts
      entries={[
        { label: 'Name', value: legalName ?? organizationName },
        { label: 'Address', value: address.length === 0 ? 'None' : address.join(', ') },
        {
          label: 'Country',
          value: country === null ? 'Not known: taxed as in the seller’s country' : placeWords(country, region),
        },
        {
          label: taxIds.length === 1 ? 'Tax number' : 'Tax numbers',
          value:
            taxIds.length === 0 ? 'None' : taxIds.map(({ value }) => taxNumberWords(value, taxIdChecks)).join(', '),
        },
        { label: 'Purchase order', value: purchaseOrderNumber ?? 'None' },
        ...(exemptionReason === null ? [] : [{ label: 'Exempt from tax', value: exemptionReason }]),
      ]}
    />
  );
}

function placeWords(country: string, region: string | null): string {
  return region === null ? countryName(country) : `${countryName(country)} (${placeCode(country, region)})`;
}
