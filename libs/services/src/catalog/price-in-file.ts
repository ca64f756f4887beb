import { z } from 'zod';
import { slug } from './slug-in-file.js';

/** A number written in the file is taken by its digits; more than 15 of them, or an exponent, must be quoted. */
export const decimal = z
  .union([z.string(), z.number()])
  .transform((value) => String(value))
  .refine(
    (text) => /^\d{1,26}(\.\d{1,12})?$/.test(text),
    'expected a decimal number of at most 12 places, such as "0.0025"',
  )
  .describe('Exact decimal, at most 12 places. Quote it to be safe.');

const upTo = z.union([decimal, z.null()]).describe('Last unit of the tier, inclusive; null for the last tier.');
const flatAmount = decimal.default('0').describe('Charged once when the tier is entered.');

const tier = z.strictObject({
  upTo,
  unitAmount: decimal.describe('Price of a unit in the tier, in major units of the currency.'),
  flatAmount,
});

const percentageTier = z.strictObject({
  upTo,
  ratePercent: decimal.describe('"2.9" for 2.9 % of the value in the tier.'),
  flatAmount,
});

const flatWithoutUsage = z
  .literal(true)
  .optional()
  .describe('The flat amount of the first tier is owed in a period without usage too.');

const model = z.discriminatedUnion('model', [
  z.strictObject({ model: z.literal('per_unit'), unitAmount: decimal }).describe('Every unit costs the same.'),
  z
    .strictObject({ model: z.literal('graduated'), tiers: z.array(tier).min(1).max(50), flatWithoutUsage })
    .describe('Each unit costs what the tier that it falls into says.'),
  z
    .strictObject({ model: z.literal('volume'), tiers: z.array(tier).min(1).max(50), flatWithoutUsage })
    .describe('All units cost what the tier that their number falls into says.'),
  z
    .strictObject({
      model: z.literal('package'),
      packageSize: decimal.describe('Units in a package.'),
      packageAmount: decimal.describe('Price of a package, in major units of the currency.'),
      round: z.enum(['up', 'down']).default('up').describe('A part of a package counts as one (up) or as none (down).'),
    })
    .describe('Units are sold in whole packages.'),
  z
    .strictObject({
      model: z.literal('percentage'),
      ratePercent: decimal.describe('"2.9" for 2.9 % of the value of each event, in major units of the currency.'),
      fixedAmount: decimal.optional().describe('Charged for each event that is not free.'),
      freeEvents: decimal.optional().describe('Events of a period that are free at most.'),
      freeAmount: decimal.optional().describe('Value of a period that is free at most.'),
      minimumPerEvent: decimal.optional().describe('What an event costs at least, its fixed part counted in.'),
      maximumPerEvent: decimal.optional().describe('What an event costs at most.'),
    })
    .describe('A share of the value of each event; the units of the meter are money.'),
  z
    .strictObject({
      model: z.literal('graduated_percentage'),
      tiers: z.array(percentageTier).min(1).max(50),
      flatWithoutUsage,
    })
    .describe('A share of the value in each tier.'),
  z
    .strictObject({ model: z.literal('dynamic'), multiplier: decimal.default('1') })
    .describe('The events say what they cost, in major units; times the multiplier.'),
]);

const conversion = z
  .strictObject({
    operation: z.enum(['multiply', 'divide']),
    factor: decimal,
    round: z.enum(['none', 'up', 'down', 'half_up']).default('none'),
  })
  .describe('How billable units become the units that the price is for: divide by 1000, round up.');

/** The price of a meter in the file; what a price does not say has no key, so that its hash stays what it was. */
export const price = z.strictObject({
  meter: slug,
  included: decimal.default('0').describe('Units of a period that are free.'),
  price: model,
  conversion: conversion.optional(),
  discountUnits: decimal.optional().describe('Units, after the conversion, that are taken off before the tiers.'),
  discountPercent: decimal.optional().describe('Taken off the amount after the tiers; 0 to 100.'),
  minimumAmount: decimal.optional().describe('What the meter costs in a full period at least, in major units.'),
  maximumAmount: decimal.optional().describe('What the meter costs in a period at most, in major units.'),
});
