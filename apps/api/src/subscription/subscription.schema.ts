import { z } from 'zod';
import { id, instant, productReference } from '../contract/value.schema.js';

export const subscribeRequest = z
  .strictObject({ applicationId: id, planVersionId: id })
  .meta({ id: 'SubscribeRequest' });

export const subscription = z
  .object({
    id,
    application: z.object({ id, name: z.string() }),
    product: productReference,
    plan: z.object({ slug: z.string(), title: z.string(), versionNumber: z.int() }),
    state: z.enum(['active', 'canceled']),
    anchorAt: instant.describe('Billing periods are counted in months from here.'),
    createdAt: instant,
    currentPeriod: z.object({ start: instant, end: instant.describe('Exclusive.') }),
  })
  .meta({ id: 'Subscription', description: 'An application’s access to an API product under a plan.' });

export const subscriptionList = z
  .object({ subscriptions: z.array(subscription).readonly() })
  .meta({ id: 'SubscriptionList' });
