import {
  type ServiceContext,
  approveSubscription,
  listPublisherProducts,
  listPublisherSubscriptions,
  refuseSubscription,
} from '#services';
import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForPublishers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { toProduct } from '../catalog/to-product.js';
import { Answers } from '../contract/answers.decorator.js';
import { standingRequest } from '../contract/standing.schema.js';
import { id } from '../contract/value.schema.js';
import { subscription } from '../subscription/subscription.schema.js';
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

  @Post('subscriptions/:subscriptionId/approve')
  @Answers(subscription, { summary: 'Let a subscription begin that waits for approval' })
  async approveSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof subscription>> {
    return toSubscription(await approveSubscription(this.context, { subscriptionId, publisherUserId: userId, actor }));
  }

  @Post('subscriptions/:subscriptionId/refuse')
  @Answers(subscription, { summary: 'Refuse a subscription that waits for approval, for good' })
  async refuseSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: standingRequest }) { reason }: z.output<typeof standingRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof subscription>> {
    const input = { subscriptionId, publisherUserId: userId, reason, actor };
    return toSubscription(await refuseSubscription(this.context, input));
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
