import { type Meter, type PlanDefinition, type PlanFault, roundingStepMinor, validatePlanDefinition } from '#domain';
import { z } from 'zod';
import { billability } from './billability-in-file.js';
import { entitlements } from './entitlements-in-file.js';
import { decimal, price } from './price-in-file.js';
import { concurrency, rateLimit, withoutStore } from './rate-limit-in-file.js';
import { position, title } from './shown-in-file.js';
import { slug } from './slug-in-file.js';

/** A long limit of a plan. */
export const quota = z.strictObject({
  name: z.string().min(1).max(64),
  meter: slug,
  limit: z.number().int().positive(),
  enforcement: z.enum(['hard', 'soft']).default('hard'),
});

const trial = z.strictObject({
  days: z.number().int().min(1).max(365),
  quotas: z
    .array(quota.omit({ enforcement: true }))
    .min(1)
    .max(10)
    .describe('Hard limits of the trial, in place of those of the plan.'),
  withoutCard: z
    .enum(['cancel', 'suspend'])
    .default('cancel')
    .describe('What becomes of the subscription when the plan costs money and no card is saved at the end.'),
});

/** A plan in the catalogue file. */
export const plan = z.strictObject({
  slug,
  title,
  summary: z.string().max(300).default(''),
  position,
  currency: z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as USD'),
  billingInterval: z
    .enum(['month', 'year'])
    .default('month')
    .describe('What the fixed fee pays for. Usage is billed by the month in either case.'),
  fixedFee: decimal.default('0').describe('Per billing interval, in major units of the currency.'),
  fixedFeeDue: z
    .enum(['in_advance', 'in_arrears'])
    .optional()
    .describe('When the fixed fee is due; default in_arrears. The fee of a year is due in advance.'),
  setupFee: decimal.optional().describe('Charged once, with the first invoice.'),
  trial: trial.optional().describe('The first days, which are free.'),
  requiresApproval: z.boolean().default(false).describe('Subscriptions begin when the publisher has approved them.'),
  visibility: z
    .enum(['public', 'private', 'invited'])
    .default('public')
    .describe('Who may subscribe: anybody, nobody without the operator, or the organizations in invited.'),
  invited: z.array(slug).max(1000).optional().describe('Slugs of organizations. Default: as it is, at first none.'),
  state: z
    .enum(['draft', 'published', 'retired'])
    .default('published')
    .describe(
      'A draft is for the publisher only and may change; what is retired keeps its subscribers and gets no more.',
    ),
  prices: z.array(price).max(20).default([]),
  rateLimits: z.array(rateLimit).max(10).default([]),
  quotas: z.array(quota).max(10).default([]),
  billability: billability.optional(),
  concurrency: concurrency.optional(),
  withoutStore: withoutStore.optional(),
  moneyRefusalStatus: z
    .union([z.literal(402), z.literal(403)])
    .optional()
    .describe('Status of refusals because of payment or a money cap; default 402.'),
  whenCreditsRunOut: z
    .enum(['invoice', 'stop'])
    .optional()
    .describe('Whether usage beyond the prepaid credits goes on the invoice (default), or is refused.'),
  entitlements: entitlements.optional(),
  rating: z
    .enum(['local', 'stripe'])
    .optional()
    .describe(
      'Who computes what usage costs: Tollgate (default), or Stripe by meters and prices of its own. Stripe takes prices per_unit, ' +
        'package, graduated and volume of sums of whole units, without discounts, minimums, maximums, conversions or a trial.',
    ),
});

/** The part of a plan that its versions fix: what a draft of one says. */
export const planTerms = plan.omit({
  slug: true,
  title: true,
  summary: true,
  position: true,
  visibility: true,
  invited: true,
  state: true,
});

export type PlanInFile = z.output<typeof plan>;
export type PlanTerms = z.output<typeof planTerms>;

/** What the terms of a plan take from the meters of its API product. */
export type PlanMeter = Pick<Meter, 'slug' | 'aggregation'>;

/** The part of a plan in the file that a plan version fixes. */
export function definitionOf(plan: PlanTerms, meters: readonly PlanMeter[]): PlanDefinition {
  const { currency, billingInterval, fixedFee, rateLimits, quotas, concurrency, withoutStore } = plan;
  const prices = plan.prices.map((price) => {
    const { aggregation = 'sum' } = meters.find(({ slug }) => slug === price.meter) ?? {};
    return aggregation === 'sum' ? price : { ...price, aggregation };
  });
  const definition = { currency, billingInterval, fixedFee, prices, rateLimits, quotas, concurrency, withoutStore };
  const {
    billability,
    moneyRefusalStatus,
    fixedFeeDue,
    setupFee,
    trial,
    requiresApproval,
    whenCreditsRunOut,
    entitlements,
    rating,
  } = plan;
  // A plan that says nothing has the definition, and so the hash, that it had before plans could say it.
  const step = roundingStepMinor(currency);
  return {
    ...definition,
    ...(step === 1 ? {} : { roundingStepMinor: step }),
    ...(fixedFeeDue === undefined ? {} : { fixedFeeDue }),
    ...(setupFee === undefined ? {} : { setupFee }),
    ...(trial === undefined ? {} : { trial }),
    ...(requiresApproval ? { requiresApproval } : {}),
    ...(billability === undefined ? {} : { billability }),
    ...(moneyRefusalStatus === undefined ? {} : { moneyRefusalStatus }),
    ...(whenCreditsRunOut === 'stop' ? { whenCreditsRunOut } : {}),
    ...(entitlements === undefined ? {} : { entitlements }),
    ...(rating === 'stripe' ? { rating } : {}),
  };
}

/** The terms that have this definition, whatever the meters of the product have become since. */
export function termsOf(definition: PlanDefinition): PlanTerms {
  const { roundingStepMinor: _step, requiresApproval = false, prices, rateLimits, quotas, ...others } = definition;
  return {
    ...others,
    requiresApproval,
    prices: prices.map(({ aggregation: _aggregation, ...one }) => one),
    rateLimits,
    quotas,
  } as PlanTerms;
}

/** Every fault of the terms of a plan of a product with these meters; empty when it can be published. */
export function planFaults(plan: PlanTerms, meters: readonly PlanMeter[]): readonly PlanFault[] {
  const slugs = meters.map(({ slug: name }) => name);
  return [...quotaMeterFaults(plan, meters), ...validatePlanDefinition(definitionOf(plan, meters), slugs)];
}

function quotaMeterFaults({ quotas, trial }: PlanTerms, meters: readonly PlanMeter[]): PlanFault[] {
  const places = [
    ...quotas.map(({ meter }, index) => ({ meter, path: `quotas[${index}].meter` })),
    ...(trial?.quotas ?? []).map(({ meter }, index) => ({ meter, path: `trial.quotas[${index}].meter` })),
  ];
  return places
    .filter(({ meter }) => (meters.find((one) => one.slug === meter)?.aggregation ?? 'sum') !== 'sum')
    .map(({ path }) => ({
      path,
      message: 'a quota is used up call by call, so its meter must have aggregation "sum".',
    }));
}
