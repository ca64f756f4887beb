import { type DecimalString, isDecimal } from '#domain';
import { z } from 'zod';

/** Numbers are taken by their digits, as JSON has no decimals. */
const decimal = z
  .union([z.string(), z.number()])
  .transform((value): DecimalString => String(value))
  .refine(isDecimal, 'expected a decimal such as "12.5": not negative, no exponent, at most 12 places');

const bounds = { minimum_amount: decimal.optional(), maximum_amount: decimal.optional() };
const upTo = decimal.nullable();
const unitTiers = z
  .array(z.strictObject({ up_to: upTo, unit_amount: decimal.default('0'), flat_amount: decimal.default('0') }))
  .min(1);
const percentageTiers = z
  .array(z.strictObject({ up_to: upTo, rate_percent: decimal.default('0'), flat_amount: decimal.default('0') }))
  .min(1);
const roundings = {
  none: 'none',
  up: 'up',
  ceiling: 'up',
  ceil: 'up',
  down: 'down',
  floor: 'down',
  half_up: 'half_up',
} as const;
const rounding = z.enum(Object.keys(roundings) as (keyof typeof roundings)[]).transform((name) => roundings[name]);
const conversion = z.strictObject({
  operation: z.enum(['multiply', 'divide']),
  factor: decimal,
  round: rounding.default('none'),
});

const common = {
  id: z.string().min(1),
  currency: z.string(),
  amount_unit: z.enum(['major', 'minor', 'units']).default('major'),
  line_mode: z.enum(['full_period', 'mid_period_split', 'last_split', 'progressive']).default('full_period'),
  quantity: decimal,
  pre_period_quantity: decimal.default('0'),
  previously_billed: decimal.default('0'),
  quantity_buckets: z.array(decimal).optional(),
  quantity_transform: conversion.optional(),
  discounts: z
    .strictObject({ percentage_discount: decimal.optional(), usage_discount: decimal.optional() })
    .default({}),
  progressive_phases: z.array(z.object({ cumulative_quantity: decimal })).optional(),
  events: z.array(decimal).optional(),
  events_count: decimal.optional(),
  free_events_effective: decimal.optional(),
  free_amount_effective: decimal.optional(),
  tags: z.array(z.string()).default([]),
  note: z.string().default(''),
  rounding: z.string().optional(),
  source: z.object({ repo: z.string().default('') }).default({ repo: '' }),
  // What the case says of its answer and of where it comes from decides nothing.
  expected_amount: z.unknown().optional(),
  expected_lines: z.unknown().optional(),
  expected_tier_breakdown: z.unknown().optional(),
  unrounded: z.unknown().optional(),
  precise: z.unknown().optional(),
  recomputed: z.unknown().optional(),
  source_url: z.unknown().optional(),
};

const ofModel = <Model extends string, Params extends z.ZodRawShape>(model: Model, params: Params) =>
  z.strictObject({ ...common, model: z.literal(model), params: z.strictObject(params) });

/** A published example in the format of golden/rating.json: what another billing system was asked. */
export const ratingCaseSchema = z.discriminatedUnion('model', [
  ofModel('flat', { amount: decimal, payment_term: z.enum(['in_advance', 'in_arrears']).default('in_arrears') }),
  ofModel('unit', { unit_amount: decimal, ...bounds }),
  ofModel('graduated', { tiers: unitTiers, ...bounds }),
  ofModel('volume', { tiers: unitTiers, ...bounds }),
  ofModel('package', {
    package_size: decimal,
    package_amount: decimal,
    free_units: decimal.default('0'),
    round: rounding.pipe(z.enum(['up', 'down'])).default('up'),
    ...bounds,
  }),
  ofModel('percentage', {
    rate_percent: decimal,
    fixed_amount_per_event: decimal.optional(),
    free_events: decimal.optional(),
    free_amount: decimal.optional(),
    per_event_min: decimal.optional(),
    per_event_max: decimal.optional(),
    ...bounds,
  }),
  ofModel('graduated_percentage', { tiers: percentageTiers, ...bounds }),
  ofModel('dynamic_multiplier', { multiplier: decimal, ...bounds }),
  ofModel('minimum_spend', {
    minimum_amount: decimal,
    period_days_used: decimal.optional(),
    period_days_total: decimal.optional(),
  }),
  ofModel('tax_exclusive', { rate_percent: decimal, lines: z.array(decimal) }),
  ofModel('quantity_transform', conversion.shape),
]);

export type RatingCase = z.output<typeof ratingCaseSchema>;
/** The models of a case that are a price of a plan. */
export type PricedCase = Exclude<RatingCase, { model: 'tax_exclusive' }>;
