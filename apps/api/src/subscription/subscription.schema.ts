import { z } from 'zod';
import { decimalInput, id, instant, money, productReference } from '../contract/value.schema.js';

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
    paymentState: z
      .enum(['current', 'past_due', 'suspended'])
      .describe('Calls of what is suspended are refused until it is paid for; its keys stay.'),
    moneyCap: money.nullable().describe('The most that the usage of a period may cost; null for no cap.'),
    currency: z.string().describe('ISO 4217 code of the plan.'),
    anchorAt: instant.describe('Billing periods are counted in months from here.'),
    createdAt: instant,
    currentPeriod: z.object({ start: instant, end: instant.describe('Exclusive.') }),
  })
  .meta({ id: 'Subscription', description: 'An application’s access to an API product under a plan.' });

export const moneyCapRequest = z
  .strictObject({
    amount: decimalInput.nullable().describe('In major units of the plan’s currency; null removes the cap.'),
  })
  .meta({ id: 'MoneyCapRequest' });

export const subscriptionList = z
  .object({ subscriptions: z.array(subscription).readonly() })
  .meta({ id: 'SubscriptionList' });
