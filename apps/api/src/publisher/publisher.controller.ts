import { type ServiceContext, listPublisherProducts, listPublisherSubscriptions } from '#services';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForPublishers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { toProduct } from '../catalog/to-product.js';
import { Answers } from '../contract/answers.decorator.js';
import { toSubscription } from '../subscription/to-subscription.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { publisherProductList, publisherSubscriptionList } from './publisher.schema.js';

@ApiTags('Publisher')
@ForPublishers()
@Controller('api/v1/publisher')
export class PublisherController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('products')
  @Answers(publisherProductList, { summary: 'The API products of one’s publisher teams' })
  async listPublisherProducts(@CurrentCaller() { userId }: Caller): Promise<z.input<typeof publisherProductList>> {
    const products = await listPublisherProducts(this.context, userId);
    return { products: products.map((found) => ({ ...toProduct(found), subscriptionCount: found.subscriptionCount })) };
  }

  @Get('subscriptions')
  @Answers(publisherSubscriptionList, { summary: 'Who is subscribed to them, and what they use in this period' })
  async listPublisherSubscriptions(
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof publisherSubscriptionList>> {
    const subscriptions = await listPublisherSubscriptions(this.context, userId);
    return { subscriptions: subscriptions.map((found) => ({ ...found, ...toSubscription(found) })) };
  }
}
