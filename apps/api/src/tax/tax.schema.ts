import { MAX_ADDRESS_LINES, MAX_TAX_IDS, TAX_CATEGORIES, TAX_SOURCES, type TaxSource } from '#domain';
import { z } from 'zod';
import { nextAfter, pageAfter } from '../contract/page.schema.js';
import { id, instant, instantInput, money } from '../contract/value.schema.js';

export const taxCategory = z
  .enum(TAX_CATEGORIES)
  .describe('The code of EN 16931 is S of standard and reduced, Z, E, AE of reverse_charge, and O of outside_scope.');

/** One tax on the sum of lines, as an invoice, a credit note or a preview shows it. */
export const tax = z
  .object({
    label: z.string().describe('What documents call it, such as "VAT 19 %".'),
    category: taxCategory,
    name: z.string(),
    percent: z.string().describe('Exact decimal.'),
    country: z.string().nullable(),
    region: z.string().nullable(),
    taxable: money,
    amount: money,
  })
  .meta({ id: 'Tax', description: 'One tax, on the sum of the lines.' });

export const taxTreatment = z
  .object({
    category: taxCategory,
    note: z.string().nullable().describe('What the law wants to be printed, such as that the customer owes the tax.'),
    explanation: z.string().describe('From what it follows.'),
    source: z
      .literal('provider')
      .optional()
      .describe('Stripe has computed it, or will when the invoice is made. Absent: by the rates of the seller.'),
    taxCode: z
      .string()
      .optional()
      .describe(
        'As what Stripe taxes the lines. Absent: as what the account at Stripe says, or by the rates of the seller.',
      ),
  })
  .meta({ id: 'TaxTreatment' });

const country = z.string().describe('Two letters of ISO 3166-1.').nullable();
const region = z.string().describe('The part after the hyphen of ISO 3166-2, such as QC of CA-QC.').nullable();

export const taxId = z
  .strictObject({ country: z.string().max(2), value: z.string().max(60) })
  .meta({ id: 'TaxId', description: 'A number under which a business is known to a tax office.' });

export const billingDetailsChange = z
  .strictObject({
    legalName: z.string().max(200).nullable().describe('Null for the name of the organization.'),
    addressLines: z.array(z.string().max(200)).max(MAX_ADDRESS_LINES),
    country,
    region,
    postalCode: z
      .string()
      .max(12)
      .nullable()
      .default(null)
      .describe('As it is written there. Stripe Tax needs it in the United States, and in Canada it or the region.'),
    taxIds: z
      .array(taxId)
      .max(MAX_TAX_IDS)
      .describe('One for each country. Their form and check digits are checked where they are known.'),
    purchaseOrderNumber: z.string().max(100).nullable().describe('Printed on every invoice.'),
  })
  .meta({ id: 'BillingDetailsChange' });

export const billingDetails = billingDetailsChange
  .extend({
    organizationName: z.string(),
    exemptionReason: z.string().nullable().describe('Why no tax is charged; only finance sets it.'),
    taxIdChecks: z
      .array(
        z.object({
          country: z.string(),
          value: z.string(),
          state: z.enum(['waiting', 'registered', 'unknown']).describe('unknown: no tax office has given it.'),
          name: z.string().nullable().describe('To whom it was given, where the register says so.'),
          checkedAt: instant.nullable(),
        }),
      )
      .readonly()
      .describe('What the register of the European Union says of its numbers; empty where it is not asked.'),
  })
  .meta({ id: 'BillingDetails', description: 'What invoices say of an organization, and what their tax depends on.' });

export const taxExemption = z
  .strictObject({ reason: z.string().max(300).nullable().describe('Printed on invoices; null for not exempt.') })
  .meta({ id: 'TaxExemption' });

export const taxRate = z
  .object({
    id,
    country: z.string(),
    region,
    category: taxCategory,
    name: z.string(),
    percent: z.string().describe('Exact decimal.'),
    taxId: z.string().nullable().describe('The seller’s number there, where it has another than its usual one.'),
    note: z.string().nullable(),
    validFrom: instant,
    validTo: instant.nullable().describe('Exclusive; null without end.'),
  })
  .meta({ id: 'TaxRate', description: 'What a seller charges of tax, or says of it, in a place.' });

const taxSource = z
  .enum(TAX_SOURCES as [TaxSource])
  .describe('Who computes the taxes of its invoices: own (by its tax rates) or provider (Stripe Tax).');

export const sellerTax = z
  .strictObject({ tax: taxSource })
  .meta({ id: 'SellerTax', description: 'Who computes the taxes of a seller.' });

export const sellerQuery = pageAfter(z.string().max(64));

export const sellerList = z
  .object({
    sellers: z
      .array(
        z
          .object({
            slug: z.string(),
            name: z.string(),
            country: z.string().nullable(),
            taxId: z.string().nullable(),
            tax: taxSource,
            taxRates: z.array(taxRate).readonly(),
          })
          .meta({ id: 'Seller' }),
      )
      .readonly(),
    next: nextAfter,
  })
  .meta({ id: 'SellerList' });

export const taxRateInput = z
  .strictObject({
    country: z.string().max(2).describe('Two letters of ISO 3166-1.'),
    region: region.default(null),
    category: taxCategory.default('standard'),
    name: z.string().max(100).describe('What invoices call it, such as VAT or GST.'),
    percent: z.string().max(20).default('0').describe('At most 4 decimal places; 0 unless it is standard or reduced.'),
    taxId: z.string().max(100).nullable().default(null),
    note: z.string().max(1000).nullable().default(null).describe('Printed on invoices; needed where it is exempt.'),
    validFrom: instantInput,
    validTo: instantInput.nullable().default(null).describe('Exclusive; null without end.'),
  })
  .meta({ id: 'TaxRateInput' });

export const taxRateEnd = z
  .strictObject({ validTo: instantInput.nullable().describe('Exclusive; null without end.') })
  .meta({ id: 'TaxRateEnd' });
