import { TAX_CATEGORIES } from '#domain';
import { z } from 'zod';
import { instant } from './instant-in-file.js';

/** A tax rate of a seller, as a catalogue file has it. What it says is checked when it is applied. */
export const taxRateInFile = z.strictObject({
  country: z.string().max(2).describe('Two capital letters such as DE (ISO 3166-1).'),
  region: z.string().max(3).nullable().default(null).describe('The part after the hyphen of ISO 3166-2, such as QC.'),
  category: z.enum(TAX_CATEGORIES as [(typeof TAX_CATEGORIES)[number]]).default('standard'),
  name: z.string().max(20).describe('What invoices call it: VAT, MwSt., GST.'),
  percent: z.string().max(8).default('0').describe('At most 4 decimal places, such as "19" or "9.975".'),
  taxId: z.string().max(40).nullable().default(null).describe('The seller’s number there, in place of its usual one.'),
  note: z.string().max(300).nullable().default(null).describe('Printed on invoices: the law, of what is exempt.'),
  validFrom: instant.describe('In force from here on.'),
  validTo: instant.nullable().default(null).describe('In force before this; null without end.'),
});

export type TaxRateInFile = z.output<typeof taxRateInFile>;
