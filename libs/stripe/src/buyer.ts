import { createHash } from 'node:crypto';
import Stripe from 'stripe';
import { type CollectBuyer, type TaxId, isInEuropeanUnion } from '#domain';

/** Stripe's limit of a customer. */
const MOST_TAX_IDS = 5;

/** Under it a customer of Stripe's says which details of ours it has. */
const MARK = 'details';

/**
 * Has the customer say what the invoice says of its buyer: a draft takes it over when it is finalized. Asks for one thing only
 * while nothing has changed. May stop anywhere and be called again: what marks the details as told is written last.
 */
export async function tellBuyer(stripe: Stripe, customerId: string, buyer: CollectBuyer): Promise<void> {
  const customer = await stripe.customers.retrieve(customerId);
  const details = createHash('sha256').update(JSON.stringify(buyer)).digest('hex').slice(0, 16);
  if (customer.deleted || customer.metadata[MARK] === details) return;
  await tellTaxIds(stripe, customerId, buyer.taxIds.flatMap(toStripeTaxId).slice(0, MOST_TAX_IDS));
  const { name, email, addressLines, country, region, postalCode, isExempt } = buyer;
  const [line1 = '', ...others] = addressLines;
  await stripe.customers.update(customerId, {
    name,
    ...(email !== null && { email }),
    address:
      addressLines.length === 0 && country === null
        ? ''
        : {
            line1,
            line2: others.join(', '),
            city: '',
            postal_code: postalCode ?? postalCodeIn(addressLines, country),
            state: region ?? '',
            country: country ?? '',
          },
    ...(isExempt !== undefined && { tax_exempt: isExempt ? ('exempt' as const) : ('none' as const) }),
    metadata: { [MARK]: details },
  });
}

/** Of one that has said none, where Stripe taxes by it: the code that ends a line of the address, the last such line first; else ''. */
function postalCodeIn(addressLines: readonly string[], country: string | null): string {
  const form = POSTAL_CODES[country ?? ''];
  const found = form && addressLines.toReversed().map((line) => form.exec(line.trim())?.[0]);
  return found?.find((code) => code !== undefined) ?? '';
}

const POSTAL_CODES: Readonly<Record<string, RegExp>> = {
  CA: /\b[A-Z]\d[A-Z] ?\d[A-Z]\d$/i,
  US: /\b\d{5}(-\d{4})?$/,
};

type StripeTaxId = Pick<Stripe.CustomerCreateTaxIdParams, 'type' | 'value'>;

/** Takes off those that are not wanted, then adds those that are missing. */
async function tellTaxIds(stripe: Stripe, customerId: string, wanted: readonly StripeTaxId[]): Promise<void> {
  const missing = new Map(wanted.map((taxId) => [`${taxId.type} ${taxId.value}`, taxId]));
  const surplus: string[] = [];
  for await (const { id, type, value } of stripe.customers.listTaxIds(customerId, { limit: 100 }))
    if (!missing.delete(`${type} ${value}`)) surplus.push(id);
  for (const id of surplus) await stripe.customers.deleteTaxId(customerId, id);
  for (const taxId of missing.values()) await addTaxId(stripe, customerId, taxId);
}

/** A number whose form Stripe does not accept is left out: what counts is on our invoice. */
async function addTaxId(stripe: Stripe, customerId: string, taxId: StripeTaxId): Promise<void> {
  try {
    await stripe.customers.createTaxId(customerId, taxId);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError) || error.code !== 'tax_id_invalid') throw error;
  }
}

/** What Stripe calls numbers of countries outside of the European Union. Others are on our invoice only. */
const TYPES: Readonly<Record<string, Stripe.CustomerCreateTaxIdParams['type']>> = {
  AU: 'au_abn',
  CH: 'ch_vat',
  GB: 'gb_vat',
  IN: 'in_gst',
  NO: 'no_vat',
  NZ: 'nz_gst',
  US: 'us_ein',
};

/** Those that Stripe writes with blanks and points, as they are kept here. */
const WITH_SEPARATORS: ReadonlySet<string> = new Set(['ch_vat', 'us_ein']);

function compact(value: string): string {
  return value.replaceAll(/[ -]/g, '').replace(/^NO(?=\d)/, '');
}

function toStripeTaxId({ country, value }: TaxId): StripeTaxId[] {
  const type = isInEuropeanUnion(country) ? 'eu_vat' : TYPES[country];
  return type === undefined ? [] : [{ type, value: WITH_SEPARATORS.has(type) ? value : compact(value) }];
}
