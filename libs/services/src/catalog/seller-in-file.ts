import { TAX_SOURCES, type TaxSource, compactAccount, isBic, isIban } from '#domain';
import { z } from 'zod';
import { title } from './shown-in-file.js';
import { taxRateInFile } from './tax-rate-in-file.js';

/** A legal entity that invoices, in the catalogue file. */
export const seller = z.strictObject({
  name: title,
  addressLines: z.array(z.string().max(120)).max(6).default([]),
  taxId: z.string().max(40).nullable().default(null),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'expected two capital letters such as DE (ISO 3166-1)')
    .nullable()
    .default(null),
  invoicePrefix: z
    .string()
    .regex(/^[A-Z0-9]{1,12}$/, 'expected at most 12 capital letters and digits')
    .describe('Begins the numbers of its invoices; no two sellers have the same.'),
  bankAccount: z
    .strictObject({
      iban: z
        .string()
        .max(50)
        .transform(compactAccount)
        .refine(isIban, 'this is no IBAN: look at the check digits, the third and fourth place'),
      bic: z
        .string()
        .max(20)
        .transform(compactAccount)
        .refine(isBic, 'expected a BIC of 8 or 11 places such as COBADEFFXXX')
        .nullable()
        .default(null),
      referenceText: z
        .string()
        .max(60)
        .nullable()
        .default(null)
        .describe('What payers write before the number of the invoice.'),
    })
    .nullable()
    .default(null)
    .describe('Where transfers go; printed on invoices that are paid by transfer.'),
  taxRates: z
    .array(taxRateInFile)
    .max(500)
    .optional()
    .describe('Rates to add or to end; those that are not here stay. Absent: all stay as they are.'),
  tax: z
    .enum(TAX_SOURCES as [TaxSource])
    .optional()
    .describe(
      'Who computes the taxes of its invoices: own (by its taxRates) or provider (Stripe Tax). Default: as it is, at first own.',
    ),
  suspendOnDispute: z
    .boolean()
    .default(false)
    .describe('Suspends the subscriptions of an organization that disputes a payment, until the dispute is over.'),
});
