import { AGGREGATIONS, billabilityRowNames } from '#domain';
import { planInFile, planTerms } from '#services';
import { z } from 'zod';
import { billabilityRow, operation, planDefinition, planDifference, ratedLine } from '../catalog/plan.schema.js';
import { decimal, id, instant, instantInput, money, productReference } from '../contract/value.schema.js';
import { publisherPlanVersion } from './publisher.schema.js';

const visibility = z.enum(['public', 'private', 'invited']);

/** A plan as the catalogue file says it, so that the two can never disagree. */
export const createPlanRequest = planInFile
  .omit({ state: true, position: true })
  .meta({ id: 'CreatePlanRequest', description: 'A plan, in the words of the catalogue file.' });

export const planTermsRequest = planTerms.meta({
  id: 'PlanTerms',
  description: 'What a version of a plan fixes, in the words of the catalogue file.',
});

export const planOfferRequest = z
  .strictObject({
    title: planInFile.shape.title.optional(),
    summary: z.string().max(300).optional(),
    visibility: visibility.optional(),
    invited: z.array(z.string().max(63)).max(1000).optional().describe('Slugs of organizations.'),
  })
  .meta({ id: 'PlanOfferRequest', description: 'What is named changes, at once.' });

export const createDraftRequest = z
  .strictObject({ fromVersionId: id.describe('A version of the plan: the draft begins as it is.') })
  .meta({ id: 'CreatePlanDraftRequest' });

const billability = z.partialRecord(
  z.enum(billabilityRowNames),
  z.object({
    quota: z.boolean().optional(),
    billable: z.boolean().optional(),
    operations: z.array(z.string()).readonly().optional(),
    valueMeters: z.boolean().optional(),
    factor: decimal.optional(),
  }),
);

export const draftTerms = planDefinition
  .omit({ roundingStepMinor: true })
  .extend({
    requiresApproval: z.boolean(),
    billability: billability.optional(),
    moneyRefusalStatus: z.union([z.literal(402), z.literal(403)]).optional(),
    whenCreditsRunOut: z.enum(['invoice', 'stop']).optional(),
  })
  .meta({ id: 'PlanDraftTerms', description: 'Can be sent back as they are.' });

export const planDraft = z
  .object({
    planId: id,
    number: z.int().describe('Of the version that it becomes.'),
    savedAt: instant,
    terms: draftTerms,
    differences: z
      .array(planDifference)
      .readonly()
      .describe('What publishing it changes of the published version; all of it when there is none.'),
  })
  .meta({ id: 'PlanDraft' });

export const planMeter = z
  .object({ slug: z.string(), title: z.string(), unit: z.string(), aggregation: z.enum(AGGREGATIONS) })
  .meta({ id: 'PlanMeter' });

export const planPage = z
  .object({
    id,
    slug: z.string(),
    title: z.string(),
    summary: z.string(),
    visibility,
    invited: z.array(z.string()).readonly(),
    product: productReference,
    meters: z.array(planMeter).readonly(),
    operations: z.array(operation).readonly().describe('What entitlements can name.'),
    usualBillability: z
      .array(billabilityRow)
      .readonly()
      .describe('Which calls are billed under a plan that says nothing of it.'),
    versions: z.array(publisherPlanVersion).readonly().describe('The newest first, the draft too.'),
  })
  .meta({ id: 'PublisherPlan' });

export const planPreview = z
  .object({
    monthlyFee: money.describe('The fixed fee of a month; of a yearly one a twelfth.'),
    meters: z
      .array(
        z
          .object({
            meter: z.string(),
            examples: z
              .array(z.object({ quantity: decimal, amount: money, lines: z.array(ratedLine).readonly() }))
              .readonly()
              .describe('A month with so much of this meter alone, at quantities where the price changes.'),
            curve: z
              .array(z.object({ quantity: decimal, amountMinor: z.string() }))
              .readonly()
              .describe('The same for drawing it.'),
          })
          .meta({ id: 'MeterPreview' }),
      )
      .readonly(),
  })
  .meta({ id: 'PlanPreview' });

export const simulateRequest = z
  .strictObject({
    from: instantInput.describe('Closed periods that ended after this …'),
    to: instantInput.describe('… and at this or before.'),
  })
  .refine(({ from, to }) => from < to, { error: 'expected an instant after from', path: ['to'] })
  .meta({ id: 'SimulatePlanRequest' });

const simulatedSubscription = z
  .object({
    subscriptionId: id,
    organizationName: z.string(),
    periods: z.int(),
    charged: money,
    simulated: money,
    difference: money.describe('Negative for who would pay less.'),
  })
  .meta({ id: 'SimulatedSubscription' });

export const planSimulation = z
  .object({
    periods: z.int(),
    subscriptionCount: z.int(),
    charged: money,
    simulated: money,
    difference: money,
    winnerCount: z.int(),
    loserCount: z.int(),
    winners: z.array(simulatedSubscription).readonly().describe('Ten who would pay less, the most first.'),
    losers: z.array(simulatedSubscription).readonly().describe('Ten who would pay more, the most first.'),
  })
  .meta({ id: 'PlanSimulation' });
