import { isDeepStrictEqual } from 'node:util';
import {
  type BillingDetails,
  InvalidError,
  MAX_ADDRESS_LINES,
  MAX_TAX_IDS,
  NotFoundError,
  type TaxId,
  type TaxIdCheck,
} from '#domain';
import {
  type Actor,
  type NamedBillingDetails,
  type Transaction,
  appendAllToOutbox,
  appendToAuditLog,
  listBillingDetails,
  listInvoicesAwaitingTax,
  listTaxIdChecks,
  lockOrganization,
  saveBillingDetails,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { taxInvoiceMessage } from '../payment/payment-jobs.js';
import { checkTaxId } from './check-tax-id.js';
import { isKnownCountry } from './known-country.js';

/** What an organization says of itself; only finance says that it is exempt. */
export type OwnBillingDetails = Omit<BillingDetails, 'organizationId' | 'exemptionReason'>;

/** What an organization says of itself, and what is known of its tax numbers where a register is asked. */
export interface CheckedBillingDetails extends NamedBillingDetails {
  readonly taxIdChecks: readonly TaxIdCheck[];
}

/** What an organization's next invoices say of it. @throws NotFoundError `organization_not_found` */
export function findBillingDetails(context: ServiceContext, organizationId: string): Promise<CheckedBillingDetails> {
  return context.unitOfWork.inOrganization(organizationId, (transaction) => read(transaction, organizationId));
}

export interface ChangeBillingDetailsInput {
  readonly organizationId: string;
  readonly details: OwnBillingDetails;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check?: (current: BillingDetails) => void;
  readonly actor: Actor;
}

/**
 * Puts what an organization says of itself in place of what it said before: invoices that are made from now on carry it, and
 * are taxed by it. Returns it as it is kept: numbers as they are printed, empty texts null.
 * @throws InvalidError `billing_details_invalid`, `tax_id_invalid`, naming the field; NotFoundError `organization_not_found`,
 *   and what `check` throws
 */
export async function changeBillingDetails(
  context: ServiceContext,
  { organizationId, details, check, actor }: ChangeBillingDetailsInput,
): Promise<CheckedBillingDetails> {
  const checked = await checkDetails(details);
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const current = await lock(transaction, organizationId);
    check?.(current.details);
    const changed: BillingDetails = { ...current.details, ...checked };
    await save(context, transaction, current.details, changed, actor);
    return read(transaction, organizationId);
  });
}

export interface SetTaxExemptionInput {
  readonly organizationId: string;
  readonly reason: string | null;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check?: (current: BillingDetails) => void;
  readonly actor: Actor;
}

/**
 * Says that an organization is charged no tax, and why: invoices that are made from now on print the reason. Null takes it
 * back.
 * @throws InvalidError `billing_details_invalid`; NotFoundError `organization_not_found`, and what `check` throws
 */
export function setTaxExemption(context: ServiceContext, input: SetTaxExemptionInput): Promise<CheckedBillingDetails> {
  const exemptionReason = text(input.reason, 'reason', 300);
  if (input.reason !== null && exemptionReason === null)
    throw invalid('reason: say by which law it is exempt, as its invoices must state it, or null for not exempt.');
  return context.unitOfWork.inOrganization(input.organizationId, async (transaction) => {
    const current = await lock(transaction, input.organizationId);
    input.check?.(current.details);
    const changed = { ...current.details, exemptionReason };
    await save(context, transaction, current.details, changed, input.actor);
    return read(transaction, input.organizationId);
  });
}

async function read(transaction: Transaction, organizationId: string): Promise<CheckedBillingDetails> {
  const found = (await listBillingDetails(transaction, [organizationId])).get(organizationId);
  if (!found) throw new NotFoundError('organization');
  return { ...found, taxIdChecks: await listTaxIdChecks(transaction, organizationId) };
}

/** One at a time: finance and the organization write the same row. */
async function lock(transaction: Transaction, organizationId: string): Promise<CheckedBillingDetails> {
  if (!(await lockOrganization(transaction, organizationId))) throw new NotFoundError('organization');
  return read(transaction, organizationId);
}

async function save(
  context: ServiceContext,
  transaction: Transaction,
  before: BillingDetails,
  after: BillingDetails,
  actor: Actor,
): Promise<void> {
  const fields = (Object.keys(after) as (keyof BillingDetails)[]).filter(
    (field) => !isDeepStrictEqual(before[field], after[field]),
  );
  if (fields.length === 0) return;
  await saveBillingDetails(transaction, after);
  // What is waited for may depend on it.
  const awaiting = await listInvoicesAwaitingTax(transaction, after.organizationId);
  await appendAllToOutbox(
    transaction,
    awaiting.map((id) => taxInvoiceMessage(context, id)),
    context.clock.now(),
  );
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId: after.organizationId,
    actor,
    action: 'changed',
    noun: 'billing_details',
    nounId: after.organizationId,
    details: {
      from: Object.fromEntries(fields.map((field) => [field, before[field]])),
      to: Object.fromEntries(fields.map((field) => [field, after[field]])),
    },
    createdAt: context.clock.now(),
  });
}

async function checkDetails(details: OwnBillingDetails): Promise<OwnBillingDetails> {
  const { country } = details;
  if (country !== null && !isKnownCountry(country))
    throw invalid('country: expected the two letters of a country, such as DE (ISO 3166-1).');
  const region = text(details.region?.toUpperCase() ?? null, 'region', 3);
  if (region !== null && !/^[A-Z0-9]{1,3}$/.test(region))
    throw invalid('region: expected the part after the hyphen of ISO 3166-2, such as QC of CA-QC.');
  if (region !== null && country === null) throw invalid('country: name the country that the region is of.');
  const postalCode = checkPostalCode(text(details.postalCode, 'postalCode', 12), country);
  const lines = details.addressLines.map((line, index) => text(line, `addressLines[${index}]`, 120));
  const addressLines = lines.filter((line) => line !== null);
  if (addressLines.length > MAX_ADDRESS_LINES) throw invalid(`addressLines: expected at most ${MAX_ADDRESS_LINES}.`);
  return {
    legalName: text(details.legalName, 'legalName', 120),
    addressLines,
    country,
    region,
    postalCode,
    taxIds: await checkTaxIds(details.taxIds),
    purchaseOrderNumber: text(details.purchaseOrderNumber, 'purchaseOrderNumber', 50),
  };
}

/** Where tax depends on it, its form must be right: a wrong one would be found only when an invoice is taxed. */
function checkPostalCode(postalCode: string | null, country: string | null): string | null {
  if (postalCode === null) return null;
  if (country === null) throw invalid('country: name the country that the postal code is of.');
  const { form, example } = POSTAL_CODES[country] ?? {};
  if (form && !form.test(postalCode)) throw invalid(`postalCode: expected one of ${country}, such as ${example}.`);
  return postalCode.toUpperCase();
}

const POSTAL_CODES: Readonly<Record<string, { readonly form: RegExp; readonly example: string }>> = {
  CA: { form: /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/i, example: 'H2X 1Y4' },
  US: { form: /^\d{5}(-\d{4})?$/, example: '94103' },
};

async function checkTaxIds(taxIds: readonly TaxId[]): Promise<readonly TaxId[]> {
  if (taxIds.length > MAX_TAX_IDS) throw invalid(`taxIds: expected at most ${MAX_TAX_IDS}.`);
  const checked: TaxId[] = [];
  for (const [index, taxId] of taxIds.entries()) {
    const one = await checkTaxId(taxId, `taxIds[${index}]`);
    if (checked.some(({ country }) => country === one.country))
      throw invalid(
        `taxIds[${index}].country: there is a number of ${one.country} already; name one for each country.`,
      );
    checked.push(one);
  }
  return checked;
}

function text(value: string | null, field: string, most: number): string | null {
  const trimmed = value?.trim() || null;
  if (trimmed !== null && trimmed.length > most) throw invalid(`${field}: expected at most ${most} characters.`);
  if (trimmed !== null && /\p{Cc}/u.test(trimmed)) throw invalid(`${field}: expected one line of text.`);
  return trimmed;
}

function invalid(message: string): InvalidError {
  return new InvalidError('billing_details_invalid', message);
}
