import {
  type ServiceContext,
  findWebhookDelivery,
  listWebhookDeliveries,
  resendWebhook,
  sendTestWebhook,
} from '#services';
import { Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { webhookDelivery, webhookDeliveryList, webhookDeliveryQuery } from './webhook-endpoint.schema.js';

@ApiTags('Webhooks')
@Controller('api/v1/organizations/:organizationId/webhook-endpoints/:webhookEndpointId')
export class WebhookDeliveryController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Post('test')
  @ForMembers('manage_webhooks')
  @Answers(webhookDelivery, {
    summary: 'Send a webhook endpoint a test message',
    description: 'Of the type webhook.test, whatever the endpoint listens to. See what came of it in its log.',
    status: 201,
  })
  sendTestWebhook(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('webhookEndpointId', { schema: id }) endpointId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof webhookDelivery>> {
    return sendTestWebhook(this.context, { organizationId, endpointId, actor });
  }

  @Get('deliveries')
  @ForMembers('read')
  @Answers(webhookDeliveryList, {
    summary: 'The messages to a webhook endpoint, the newest first',
    description: 'Kept for 30 days after they were delivered or given up.',
  })
  listWebhookDeliveries(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('webhookEndpointId', { schema: id }) endpointId: string,
    @Query({ schema: webhookDeliveryQuery }) query: z.output<typeof webhookDeliveryQuery>,
  ): Promise<z.input<typeof webhookDeliveryList>> {
    return listWebhookDeliveries(this.context, { organizationId, endpointId, ...query });
  }

  @Get('deliveries/:webhookDeliveryId')
  @ForMembers('read')
  @Answers(webhookDelivery, { summary: 'A message to a webhook endpoint, with its tries' })
  findWebhookDelivery(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('webhookEndpointId', { schema: id }) endpointId: string,
    @Param('webhookDeliveryId', { schema: id }) deliveryId: string,
  ): Promise<z.input<typeof webhookDelivery>> {
    return findWebhookDelivery(this.context, { organizationId, endpointId, deliveryId });
  }

  @Post('deliveries/:webhookDeliveryId/resend')
  @ForMembers('manage_webhooks')
  @Answers(webhookDelivery, {
    summary: 'Send a message again',
    description: 'Within a second, with the webhook-id that it has. One that was settled is tried by a new schedule.',
    status: 201,
  })
  resendWebhook(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('webhookEndpointId', { schema: id }) endpointId: string,
    @Param('webhookDeliveryId', { schema: id }) deliveryId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof webhookDelivery>> {
    return resendWebhook(this.context, { organizationId, endpointId, deliveryId, actor });
  }
}
