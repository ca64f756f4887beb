import { z } from 'zod';
import { product } from '../catalog/product.schema.js';
import { decimal, organizationReference } from '../contract/value.schema.js';
import { subscription } from '../subscription/subscription.schema.js';

export const publisherProductList = z
  .object({
    products: z
      .array(
        product
          .extend({ subscriptionCount: z.int().describe('Active subscriptions.') })
          .meta({ id: 'PublisherProduct' }),
      )
      .readonly(),
  })
  .meta({ id: 'PublisherProductList' });

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
  })
  .meta({ id: 'PublisherSubscriptionList' });
