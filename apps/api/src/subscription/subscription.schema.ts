import { z } from 'zod';
import { features, operation, planDefinition, planDifference, ratedLine } from '../catalog/plan.schema.js';
import { tax, taxTreatment } from '../tax/tax.schema.js';
import { etag } from '../contract/entity-tag.js';
import { next } from '../contract/page.schema.js';
import { suspensionReasons } from '../contract/standing.schema.js';
import { decimalInput, id, instant, money, productReference, slug } from '../contract/value.schema.js';

const acceptedTerms = z
  .string()
  .max(32)
  .describe('Version of the product’s terms that the customer has read and accepts.');

const couponCode = z.string().trim().min(1).max(60).describe('A code of the publisher that takes something off.');

/** A code for a subscription that runs. */
export const redeemRequest = z.strictObject({ couponCode }).meta({ id: 'RedeemCouponRequest' });

export const subscribeRequest = z
  .strictObject({
    applicationId: id,
    planVersionId: id,
    acceptedTerms: acceptedTerms.optional(),
    couponCode: couponCode.optional(),
  })
  .meta({ id: 'SubscribeRequest' });

const redeemedCoupon = z
  .object({
    title: z.string(),
    percentOff: z.string().nullable(),
    amountOff: money.nullable().describe('Of each month together.'),
    months: z.int().nullable().describe('From the first that costs something; null for all.'),
  })
  .meta({ id: 'RedeemedCoupon', description: 'What is taken off a subscription.' });

const couponInForce = redeemedCoupon
  .extend({
    from: instant.nullable().describe('The first month in which it takes something off; null while only on trial.'),
    until: instant.nullable().describe('Exclusive; null when it goes on, or is not known yet.'),
  })
  .meta({ id: 'CouponInForce', description: 'What is taken off a subscription, and in which months.' });

const subscribedPlan = z.object({ slug: z.string(), title: z.string(), versionNumber: z.int() });

export const subscription = z
  .object({
    id,
    application: z.object({ id, name: z.string() }),
    product: productReference,
    plan: subscribedPlan,
    planVersionId: id,
    state: z
      .enum(['pending_approval', 'trialing', 'active', 'past_due', 'suspended', 'cancel_scheduled', 'canceled'])
      .describe('Calls of what is pending approval, suspended or canceled are refused. Canceled is final.'),
    paymentState: z.enum(['current', 'past_due']).describe('Past due is served until it is suspended for payment.'),
    suspendedFor: suspensionReasons.describe('What its calls are refused for; its keys stay. Empty when they pass.'),
    moneyCap: money.nullable().describe('The most that the usage of a period may cost; null for no cap.'),
    moneyCapEtag: etag.describe('Send it as If-Match to set the money cap.'),
    currency: z.string().describe('ISO 4217 code of the plan.'),
    anchorAt: instant.describe('Billing periods are counted in months from here.'),
    createdAt: instant,
    cancelAt: instant.nullable().describe('When it ends by itself; until then that can be taken back.'),
    canceledAt: instant.nullable(),
    trialEndsAt: instant.nullable().describe('Until then nothing costs anything; null when it is not on trial.'),
    terms: z
      .object({ version: z.string(), isAccepted: z.boolean() })
      .nullable()
      .describe('The terms of the product that are in force, and whether they were accepted; null when it has none.'),
    plannedChange: z
      .object({ plan: subscribedPlan, planVersionId: id, startsAt: instant })
      .nullable()
      .describe('Another plan that begins later; until then that can be taken back.'),
    ownTerms: z
      .array(planDifference)
      .readonly()
      .nullable()
      .describe('Where the publisher has given it other terms than its plan has; null where it has not.'),
    coupon: couponInForce.nullable().describe('Null for none, also when it is over.'),
    priceRise: z
      .object({ at: instant, because: z.enum(['trial_ends', 'coupon_ends']) })
      .nullable()
      .describe('From when on it costs more although nobody changes it; null when that is not to come.'),
    currentPeriod: z.object({ start: instant, end: instant.describe('Exclusive.') }),
    limits: planDefinition.pick({ rateLimits: true, concurrency: true, quotas: true }).meta({
      id: 'SubscribedLimits',
      description: 'What calls are held to, by the plan version in force; in a trial, by its quotas.',
    }),
  })
  .meta({ id: 'Subscription', description: 'An application’s access to an API product under a plan.' });

export const subscriptionEntitlements = z
  .object({
    subscriptionId: id,
    planVersionId: id,
    plan: subscribedPlan,
    operations: z
      .array(
        operation.omit({ template: true }).extend({
          api: z.string(),
          version: z.string(),
          path: z.string().describe('At the gateway.'),
          included: z.boolean().describe('Calls of what is not included are refused with `operation_not_in_plan`.'),
        }),
      )
      .readonly(),
    features,
  })
  .meta({ id: 'SubscriptionEntitlements', description: 'What a subscription gives beside units and prices.' });

export const moneyCapRequest = z
  .strictObject({
    amount: decimalInput.nullable().describe('In major units of the plan’s currency; null removes the cap.'),
  })
  .meta({ id: 'MoneyCapRequest' });

export const acceptTermsRequest = z.strictObject({ version: acceptedTerms }).meta({ id: 'AcceptTermsRequest' });

export const cancelRequest = z
  .strictObject({
    when: z
      .enum(['period_end', 'now'])
      .default('period_end')
      .describe('With the current period, which can be taken back until then; or at once and for good.'),
  })
  .meta({ id: 'CancelRequest' });

const periodSoFar = z
  .object({
    lines: z.array(ratedLine).readonly(),
    subtotal: money,
    taxes: z.array(tax).readonly(),
    taxTreatment: taxTreatment.nullable().describe('Null when there is nothing to invoice.'),
    total: money,
    toBalance: money.describe(
      'What the lines give back beyond what they charge, with the tax on it; it goes to the balance.',
    ),
    isExact: z.boolean().describe('False when a price of single events was computed of their number and sum.'),
  })
  .meta({ id: 'PeriodSoFar', description: 'The invoice of the current period, by what was used so far.' });

export const changePlanRequest = z
  .strictObject({
    planVersionId: id,
    acceptedTerms: acceptedTerms.optional(),
    when: z
      .enum(['now', 'period_end'])
      .optional()
      .describe('Default: now when the fixed fee is higher, else period_end, which can be taken back until then.'),
  })
  .meta({ id: 'ChangePlanRequest' });

export const planChangePreview = z
  .object({
    when: z.enum(['now', 'period_end']),
    startsAt: instant.describe('From then on the other plan is in force.'),
    changed: periodSoFar,
    unchanged: periodSoFar,
    difference: money.describe(
      'What the change adds to the invoice of the current period, by what was used so far, less what it adds to what goes to the balance.',
    ),
  })
  .meta({ id: 'PlanChangePreview', description: 'What a change of plan would do.' });

export const couponPreview = z
  .object({
    coupon: redeemedCoupon,
    from: instant.describe(
      'The month from which it counts: the one under way, or the first that is not paid in advance.',
    ),
    changed: periodSoFar,
    unchanged: periodSoFar,
    difference: money.describe('What the code adds to the invoice of the current period: below zero.'),
  })
  .meta({ id: 'CouponPreview', description: 'What a code would do to a subscription that runs.' });

export const cancellationPreview = periodSoFar
  .extend({ canceledAt: instant.describe('From then on calls are refused.') })
  .meta({ id: 'CancellationPreview', description: 'What a cancellation would do.' });

export const subscriptionList = z
  .object({ subscriptions: z.array(subscription).readonly(), next })
  .meta({ id: 'SubscriptionList' });

export const trialQuery = z.strictObject({ planVersionId: id });

export const trialPreview = z
  .object({
    days: z.int().nullable().describe('How long the trial of the plan is; null for one without.'),
    isAvailable: z.boolean().describe('False as well when the organization, the person or the card has had it.'),
  })
  .meta({ id: 'TrialPreview' });

export const previewSubscriptionRequest = z
  .strictObject({ planVersionId: id, couponCode: couponCode.optional() })
  .meta({ id: 'PreviewSubscriptionRequest' });

export const subscriptionPreview = z
  .object({
    currency: z.string().describe('ISO 4217 code of the plan.'),
    trialDays: z.int().nullable().describe('Null without a trial, also when it was had before.'),
    coupon: redeemedCoupon.nullable().describe('Of the code; null without one.'),
    costsNothing: z.boolean().describe('Nothing will ever be due, so no card is asked for.'),
    atStart: periodSoFar.describe('The invoice that is made at once; over nothing when nothing is due in advance.'),
    firstPeriod: periodSoFar.describe('The invoice of the first month, if nothing is used.'),
  })
  .meta({ id: 'SubscriptionPreview', description: 'What a subscription would cost, if it were made now.' });

export const trialGrantRequest = z
  .strictObject({
    product: slug.describe('Of which API product.'),
    reason: z.string().trim().min(3).max(500).describe('For the audit log.'),
  })
  .meta({ id: 'TrialGrantRequest' });
