import { z } from 'zod';
import { planDefinition } from '../catalog/plan.schema.js';
import { product } from '../catalog/product.schema.js';
import { nextAfter, pageAfter, placeOf, placeText } from '../contract/page.schema.js';
import {
  decimal,
  id,
  instant,
  money,
  organizationReference,
  productReference,
  slug,
} from '../contract/value.schema.js';
import { subscription } from '../subscription/subscription.schema.js';
import { usageBreakdownAnswer, usageBreakdownQuery } from '../usage/usage.schema.js';

const taxCode = z
  .string()
  .nullable()
  .describe(
    'As what Stripe taxes it, where Stripe computes the tax of its seller (https://docs.stripe.com/tax/tax-codes); null: as the account ' +
      'there says.',
  );

export const productTaxCode = z.strictObject({ taxCode }).meta({ id: 'ProductTaxCode' });

export const publisherProductList = z
  .object({
    products: z
      .array(
        product
          .extend({ subscriptionCount: z.int().describe('Active subscriptions.'), taxCode })
          .meta({ id: 'PublisherProduct' }),
      )
      .readonly(),
    next: nextAfter,
  })
  .meta({ id: 'PublisherProductList' });

export const productUsageQuery = usageBreakdownQuery.pick({ limit: true, apiVersionId: true, operation: true }).extend({
  days: z.coerce.number().int().min(1).max(90).default(30).describe('As many days (UTC), today among them.'),
  groupBy: z
    .enum(['caller', 'operation', 'status'])
    .default('caller')
    .describe('A caller is an application, named with its organization.'),
});

export const productUsageAnswer = usageBreakdownAnswer
  .extend({ from: instant, to: instant })
  .meta({ id: 'ProductUsage' });

export const productRevenueQuery = z.strictObject({
  months: z.coerce.number().int().min(1).max(36).default(12).describe('As many months (UTC), this one among them.'),
});

export const productRevenueAnswer = z
  .object({
    revenue: z
      .array(
        z
          .object({
            month: z.string(),
            plan: z.string().describe('Slug of the plan.'),
            fees: money.describe('Recurring and setup fees, and minimum commitments.'),
            usage: money,
            reductions: money.describe('Below zero: discounts, promotional credits and credit notes.'),
            total: money,
          })
          .meta({ id: 'PlanRevenue' }),
      )
      .readonly()
      .describe('By month, plan and currency; months without revenue are left out.'),
  })
  .meta({
    id: 'ProductRevenue',
    description: 'What a product has earned without tax, as the books of finance have it.',
  });

export const productFunnelQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(366).default(90).describe('As many days (UTC), today among them.'),
});

export const productFunnelAnswer = z
  .object({
    from: instant,
    to: instant,
    signedUp: z.int(),
    subscribed: z.int().describe('Of those, who have or had a subscription to the product.'),
    called: z.int().describe('Of the subscribed, who have called it with a live key.'),
    paid: z.int().describe('Of the subscribed, who have paid an invoice with something of it.'),
  })
  .meta({ id: 'ProductFunnel', description: 'How far the organizations have come that signed up in a span.' });

export const publisherPlanVersion = z
  .object({
    id,
    product: productReference,
    plan: z.object({
      id,
      slug: z.string(),
      title: z.string(),
      visibility: z.enum(['public', 'private', 'invited']),
    }),
    number: z.int(),
    state: z.enum(['draft', 'published', 'retired']),
    definition: planDefinition,
    publishedAt: instant.describe('Of a draft, when it was written.'),
    subscriptionCount: z.int().describe('Active subscriptions under it now.'),
  })
  .meta({ id: 'PublisherPlanVersion' });

/** Where a list of plan versions goes on, as text: the places of product and plan, and the number. */
const planVersionPlace = placeOf(
  z
    .tuple([
      z.coerce.number<string>().int(),
      slug,
      z.coerce.number<string>().int(),
      slug,
      z.coerce.number<string>().int(),
    ])
    .transform(([productPosition, product, planPosition, plan, number]) => ({
      product: { position: productPosition, slug: product },
      plan: { position: planPosition, slug: plan },
      number,
    })),
  5,
);

export const publisherPlanVersionQuery = pageAfter(planVersionPlace);

/** Where a list goes on after a plan version. */
export function toPlanVersionPlace({ product, plan, number }: z.output<typeof planVersionPlace>): string {
  return placeText(product.position, product.slug, plan.position, plan.slug, number);
}

export const publisherPlanVersionList = z
  .object({ planVersions: z.array(publisherPlanVersion).readonly(), next: nextAfter })
  .meta({ id: 'PublisherPlanVersionList' });

export const migrateRequest = z
  .strictObject({
    overrides: z
      .enum(['keep', 'carry', 'end'])
      .default('keep')
      .describe(
        'What becomes of subscriptions with terms of their own: they stay as they are, take those terms along, or come to the terms of the version.',
      ),
    noticeDays: z.int().min(0).max(365).default(30).describe('So many days at least between the mail and the change.'),
  })
  .meta({ id: 'MigrateSubscribersRequest' });

export const migration = z
  .object({
    migrated: z.int().describe('Subscriptions that change with the end of their period.'),
    skipped: z.int().describe('Those that bill in another currency and stay as they are.'),
    kept: z.int().describe('Those that stay as they are because of terms of their own.'),
  })
  .meta({ id: 'SubscriberMigration' });

export const refusalRequest = z
  .strictObject({
    reason: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .nullable()
      .default(null)
      .describe('In the mail to the organization, and for the audit log.'),
  })
  .meta({ id: 'RefusalRequest' });

export const publisherSubscriptionQuery = z.strictObject({
  state: z.enum(['pending_approval', 'active', 'canceled']).optional(),
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('Part of the name of an organization or an application, in any case.'),
  before: id.optional().describe('The `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const publisherSubscriptionList = z
  .object({
    subscriptions: z
      .array(
        subscription
          .extend({
            organization: organizationReference,
            meters: z
              .array(
                z.object({
                  slug: z.string(),
                  title: z.string(),
                  unit: z.string(),
                  quantity: decimal.describe('Units in the current period.'),
                }),
              )
              .readonly(),
          })
          .meta({ id: 'PublisherSubscription' }),
      )
      .readonly(),
    next: id.nullable().describe('The `before` of the next page, or null.'),
  })
  .meta({ id: 'PublisherSubscriptionList' });
