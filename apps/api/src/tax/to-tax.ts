import { type BillingDetails, type InvoiceTax, taxLabel } from '#domain';
import type { CheckedBillingDetails } from '#services';
import type { z } from 'zod';
import { toMoney } from '../contract/value.schema.js';
import type { billingDetails, tax } from './tax.schema.js';

export function toTax(found: InvoiceTax, currency: string): z.input<typeof tax> {
  const { category, name, percent, country, region, taxableMinor, taxMinor } = found;
  return {
    label: taxLabel(found),
    category,
    name,
    percent,
    country,
    region,
    taxable: toMoney(taxableMinor, currency),
    amount: toMoney(taxMinor, currency),
  };
}

/** What of the details the organization changes. */
export function changeableDetails(details: BillingDetails): unknown {
  const { legalName, addressLines, country, region, postalCode, taxIds, purchaseOrderNumber } = details;
  return { legalName, addressLines, country, region, postalCode, taxIds, purchaseOrderNumber };
}

/** What of the details finance changes. */
export function changeableExemption({ exemptionReason }: BillingDetails): unknown {
  return { exemptionReason };
}

export function toBillingDetails({
  organizationName,
  details,
  taxIdChecks,
}: CheckedBillingDetails): z.input<typeof billingDetails> {
  const { organizationId: _, addressLines, taxIds, ...rest } = details;
  return { organizationName, ...rest, taxIdChecks, addressLines: [...addressLines], taxIds: [...taxIds] };
}
