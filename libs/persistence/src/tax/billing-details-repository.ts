import { type BillingDetails, noBillingDetails } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** An organization's details with its own name, which stands for a legal name that nobody has said. */
export interface NamedBillingDetails {
  readonly organizationName: string;
  readonly details: BillingDetails;
}

/** The details of some organizations, by organization; empty ones of those that have not said any. */
export async function listBillingDetails(
  transaction: Transaction,
  organizationIds: readonly string[],
): Promise<Map<string, NamedBillingDetails>> {
  const rows = await transaction.query<
    { organizationId: string; organizationName: string; isKept: boolean } & Omit<BillingDetails, 'organizationId'>
  >(
    `SELECT organization.id AS "organizationId", organization.name AS "organizationName",
       details.organization_id IS NOT NULL AS "isKept", details.legal_name AS "legalName",
       details.address_lines AS "addressLines", details.country, details.region, details.postal_code AS "postalCode",
       details.tax_ids AS "taxIds",
       details.purchase_order_number AS "purchaseOrderNumber", details.exemption_reason AS "exemptionReason"
     FROM organization LEFT JOIN billing_details AS details ON details.organization_id = organization.id
     WHERE organization.id = ANY ($1)`,
    [organizationIds],
  );
  return new Map(
    rows.map(({ organizationName, isKept, ...details }) => [
      details.organizationId,
      { organizationName, details: isKept ? details : noBillingDetails(details.organizationId) },
    ]),
  );
}

/** Writes the details of an organization in place of those that it had. */
export async function saveBillingDetails(transaction: Transaction, details: BillingDetails): Promise<void> {
  await transaction.query(
    `INSERT INTO billing_details (organization_id, legal_name, address_lines, country, region, tax_ids,
       purchase_order_number, exemption_reason, postal_code) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (organization_id) DO UPDATE SET legal_name = $2, address_lines = $3, country = $4, region = $5,
       tax_ids = $6, purchase_order_number = $7, exemption_reason = $8, postal_code = $9`,
    [
      details.organizationId,
      details.legalName,
      details.addressLines,
      details.country,
      details.region,
      JSON.stringify(details.taxIds),
      details.purchaseOrderNumber,
      details.exemptionReason,
      details.postalCode,
    ],
  );
}
