import { billabilityRowNames } from '#domain';
import { z } from 'zod';
import { decimal, decimalInput, id, money } from '../contract/value.schema.js';

const priceTier = z
  .object({
    upTo: decimal.nullable().describe('The last unit of the tier; null for the open one.'),
    unitAmount: decimal,
    flatAmount: decimal.describe('Charged once when the tier is entered.'),
  })
  .meta({ id: 'PriceTier' });

const percentageTier = z
  .object({
    upTo: decimal.nullable().describe('The end of the tier; null for the open one.'),
    ratePercent: decimal,
    flatAmount: decimal.describe('Charged once when the tier is entered.'),
  })
  .meta({ id: 'PercentageTier' });

const flatWithoutUsage = z
  .boolean()
  .optional()
  .describe('The first flat amount is owed in a period without usage too. Default: false.');

const price = z
  .discriminatedUnion('model', [
    z.object({ model: z.literal('per_unit'), unitAmount: decimal }),
    z.object({ model: z.literal('graduated'), tiers: z.array(priceTier).readonly(), flatWithoutUsage }),
    z.object({ model: z.literal('volume'), tiers: z.array(priceTier).readonly(), flatWithoutUsage }),
    z.object({
      model: z.literal('package'),
      packageSize: decimal,
      packageAmount: decimal,
      round: z.enum(['up', 'down']).describe('What a part of a package counts as: one or none.'),
    }),
    z.object({
      model: z.literal('percentage'),
      ratePercent: decimal,
      fixedAmount: decimal.optional().describe('Of each event.'),
      freeEvents: decimal.optional(),
      freeAmount: decimal.optional(),
      minimumPerEvent: decimal.optional(),
      maximumPerEvent: decimal.optional(),
    }),
    z.object({
      model: z.literal('graduated_percentage'),
      tiers: z.array(percentageTier).readonly(),
      flatWithoutUsage,
    }),
    z.object({ model: z.literal('dynamic'), multiplier: decimal }),
  ])
  .meta({ id: 'PriceModel' });

const conversion = z
  .object({
    operation: z.enum(['multiply', 'divide']),
    factor: decimal,
    round: z.enum(['none', 'up', 'down', 'half_up']),
  })
  .meta({ id: 'UnitConversion', description: 'How billable units become the units that the price is for.' });

const limitScope = z.enum(['subscription', 'organization', 'application', 'key', 'ip', 'header']);

const rateLimit = z
  .object({
    name: z.string(),
    limit: z.int(),
    windowSeconds: z.int(),
    algorithm: z.enum(['sliding_window', 'fixed_window', 'gcra']).optional().describe('Default: sliding_window.'),
    policy: z.enum(['local', 'shared', 'leased']).optional().describe('Default: leased.'),
    scope: limitScope.optional().describe('Default: subscription.'),
    header: z.string().optional().describe('The field of the scope "header".'),
    burst: z.int().optional().describe('With gcra: calls that may come at once. Default: the limit.'),
  })
  .meta({ id: 'RateLimit' });

const concurrency = z
  .object({ limit: z.int(), scope: limitScope.optional(), header: z.string().optional() })
  .meta({ id: 'Concurrency', description: 'Calls that may be under way at the same time.' });

export const features = z
  .record(z.string(), z.union([z.boolean(), z.number(), z.string()]))
  .describe('By name: on or off, how many, or which.');

const entitlements = z
  .object({
    operations: z
      .object({ allow: z.array(z.string()).readonly().optional(), deny: z.array(z.string()).readonly().optional() })
      .optional()
      .describe('By selectors: the only operations of the plan, or those that it lacks. Default: it has all.'),
    features: features.optional(),
  })
  .meta({ id: 'Entitlements', description: 'Which operations and features a plan has.' });

export const operation = z
  .object({
    operation: z.string().describe('The operation id, else "METHOD /template".'),
    method: z.string(),
    template: z.string().describe('Relative to the version’s base path.'),
    tags: z.array(z.string()).readonly(),
  })
  .meta({ id: 'Operation' });

export const planDefinition = z
  .object({
    currency: z.string().describe('ISO 4217 code.'),
    billingInterval: z.enum(['month', 'year']),
    roundingStepMinor: z.int().optional().describe('Lines are multiples of so many minor units. Default: 1.'),
    fixedFee: decimal.describe('In major units, charged once a billing interval.'),
    fixedFeeDue: z.enum(['in_advance', 'in_arrears']).optional().describe('Default: in_arrears.'),
    setupFee: decimal.optional().describe('Charged once, with the first invoice.'),
    trial: z
      .object({
        days: z.int(),
        quotas: z.array(z.object({ name: z.string(), meter: z.string(), limit: z.int() })).readonly(),
        withoutCard: z.enum(['cancel', 'suspend']),
      })
      .optional()
      .describe('The first days, which are free, within these hard quotas.'),
    rating: z
      .enum(['local', 'stripe'])
      .optional()
      .describe('Who computes what usage costs: Tollgate, or Stripe. Default: local.'),
    prices: z
      .array(
        z
          .object({
            meter: z.string(),
            aggregation: z
              .enum(['count', 'max', 'last', 'unique'])
              .optional()
              .describe('How the events of a period become units. Default: their quantities are added up.'),
            included: decimal.describe('Units of a period that are free.'),
            price,
            conversion: conversion.optional(),
            discountUnits: decimal.optional().describe('Units that are taken off before the tiers.'),
            discountPercent: decimal.optional().describe('Taken off the amount after the tiers.'),
            minimumAmount: decimal.optional().describe('What a full period costs at least.'),
            maximumAmount: decimal.optional().describe('What a period costs at most.'),
          })
          .meta({ id: 'MeterPrice' }),
      )
      .readonly(),
    rateLimits: z.array(rateLimit).readonly(),
    quotas: z
      .array(
        z
          .object({ name: z.string(), meter: z.string(), limit: z.int(), enforcement: z.enum(['hard', 'soft']) })
          .meta({ id: 'Quota' }),
      )
      .readonly(),
    concurrency: concurrency.optional(),
    withoutStore: z.enum(['fail_open', 'fail_closed', 'local']).optional().describe('Default: local.'),
    entitlements: entitlements.optional(),
  })
  .meta({ id: 'PlanDefinition', description: 'All that a plan version fixes.' });

export const planDifference = z
  .object({
    path: z.string().describe('"prices[requests].price.tiers[1].unitAmount".'),
    from: z.string().nullable(),
    to: z.string().nullable(),
  })
  .meta({ id: 'PlanDifference' });

export const billabilityRow = z
  .object({
    name: z.enum(billabilityRowNames).describe('The situation.'),
    record: z.enum(['event', 'counter', 'none']).describe('What is recorded of such a call.'),
    quota: z.boolean().describe('It uses up quotas.'),
    billable: z.boolean(),
    isFixed: z.boolean().describe('No plan can change the row.'),
    operations: z
      .array(z.string())
      .readonly()
      .nullable()
      .describe('The only operations for which quota and billable hold; null for all.'),
    valueMeters: z.boolean().describe('Meters that count what passed are billed and use up quotas.'),
    factor: decimal.describe('What a call counts is multiplied by this.'),
  })
  .meta({ id: 'BillabilityRow', description: 'Whether a call that ended so is billed.' });

export const plan = z
  .object({
    id,
    slug: z.string(),
    title: z.string(),
    summary: z.string(),
    free: z.boolean().describe('True when the plan can never cost anything.'),
    version: z
      .object({
        id,
        number: z.int(),
        definition: planDefinition,
        billability: z.array(billabilityRow).readonly(),
        operations: z
          .object({ total: z.int(), included: z.array(operation).readonly() })
          .nullable()
          .describe('Those that the plan has, and how many there are; null when it has all.'),
      })
      .meta({ id: 'PlanVersion', description: 'The version that new subscriptions get.' }),
  })
  .meta({ id: 'Plan' });

export const tierCharge = z
  .object({
    from: decimal,
    upTo: decimal.nullable(),
    units: decimal,
    unitAmount: decimal,
    flatAmount: decimal,
    amount: decimal.describe('Negative for what is taken off.'),
    basis: z
      .enum([
        'included',
        'conversion',
        'discount_units',
        'package',
        'percentage',
        'event',
        'event_minimum',
        'event_maximum',
        'discount',
        'maximum',
        'charged_before',
      ])
      .optional()
      .describe('What the row is; absent for a tier of units.'),
    converted: decimal.optional().describe('Of packages how many, of a conversion what the units became.'),
  })
  .meta({ id: 'TierCharge', description: 'One tier’s share of a line, exact, in major units.' });

export const ratedLine = z
  .object({
    kind: z
      .enum([
        'fixed_fee',
        'fixed_fee_credit',
        'setup_fee',
        'usage',
        'late_usage',
        'minimum_commitment',
        'discount',
        'prepaid_credit',
        'credit_purchase',
      ])
      .describe('`prepaid_credit` is below zero for what credits pay, and above for what goes back to them.'),
    meter: z.string().nullable(),
    description: z.string(),
    quantity: decimal,
    amount: money,
    breakdown: z.array(tierCharge).readonly(),
  })
  .meta({ id: 'RatedLine' });

export const estimateRequest = z
  .strictObject({
    quantities: z.record(z.string().max(80), decimalInput).describe('Units in a period by the slug of the meter.'),
  })
  .meta({ id: 'EstimateRequest' });

export const estimate = z.object({ lines: z.array(ratedLine).readonly(), subtotal: money }).meta({ id: 'Estimate' });
