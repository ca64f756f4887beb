import { WEBHOOK_EVENTS, WEBHOOK_EVENT_TYPES, WEBHOOK_RULES, writeWebhookBody } from '#domain';
import {
  type ServiceContext,
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  editWebhookEndpoint,
  findWebhookEndpoint,
  listWebhookEndpoints,
  rotateWebhookSecret,
} from '#services';
import { Body, Controller, Delete, Get, Headers, Inject, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers, Public } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { IfMatch, seenBy } from '../contract/entity-tag.js';
import { id } from '../contract/value.schema.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import {
  createWebhookEndpointRequest,
  editWebhookEndpointRequest,
  rotateWebhookSecretRequest,
  webhookEndpoint,
  webhookEndpointList,
  webhookEndpointWithSecret,
  webhookEventTypeList,
} from './webhook-endpoint.schema.js';
import { changeableEndpoint, toWebhookEndpoint } from './to-webhook-endpoint.js';

const EXAMPLE_ORGANIZATION = '019f5a3c-3f6e-7b90-8d21-4a7b1c9e0f12';
const EXAMPLE_TIME = new Date('2026-11-26T12:00:00Z');

@ApiTags('Webhooks')
@Controller('api/v1')
export class WebhookEndpointController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get('webhook-event-types')
  @Public()
  @Answers(webhookEventTypeList, { summary: 'What webhook endpoints can be told of, with an example of each body' })
  listWebhookEventTypes(): z.input<typeof webhookEventTypeList> {
    return {
      eventTypes: WEBHOOK_EVENT_TYPES.map((type) => {
        const { description, example: data } = WEBHOOK_EVENTS[type];
        const body = writeWebhookBody({ organizationId: EXAMPLE_ORGANIZATION, type, data }, EXAMPLE_TIME);
        return { type, description, example: JSON.parse(body) as Record<string, unknown> };
      }),
    };
  }

  @Get('organizations/:organizationId/webhook-endpoints')
  @ForMembers('read')
  @Answers(webhookEndpointList, { summary: 'The webhook endpoints of an organization, the newest first' })
  async listWebhookEndpoints(
    @Param('organizationId', { schema: id }) organizationId: string,
  ): Promise<z.input<typeof webhookEndpointList>> {
    const endpoints = await listWebhookEndpoints(this.context, organizationId);
    return { endpoints: endpoints.map(toWebhookEndpoint), maxEndpoints: WEBHOOK_RULES.maxEndpoints };
  }

  @Post('organizations/:organizationId/webhook-endpoints')
  @ForMembers('manage_webhooks')
  @Answers(webhookEndpointWithSecret, {
    summary: 'Add a webhook endpoint',
    description: 'The answer holds its signing secret; there is no way to see it again.',
    status: 201,
  })
  async createWebhookEndpoint(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: createWebhookEndpointRequest }) request: z.output<typeof createWebhookEndpointRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof webhookEndpointWithSecret>> {
    const { ENCRYPTION_KEYS: encryptionKeys, WEBHOOK_ALLOW_PRIVATE: allowsPrivate } = this.settings;
    const input = { ...request, organizationId, allowsPrivate, encryptionKeys, actor };
    const { endpoint, secret } = await createWebhookEndpoint(this.context, input);
    return { endpoint: toWebhookEndpoint(endpoint), secret };
  }

  @Get('organizations/:organizationId/webhook-endpoints/:webhookEndpointId')
  @ForMembers('read')
  @Answers(webhookEndpoint, { summary: 'A webhook endpoint' })
  async findWebhookEndpoint(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('webhookEndpointId', { schema: id }) endpointId: string,
  ): Promise<z.input<typeof webhookEndpoint>> {
    return toWebhookEndpoint(await findWebhookEndpoint(this.context, { organizationId, endpointId }));
  }

  @Patch('organizations/:organizationId/webhook-endpoints/:webhookEndpointId')
  @ForMembers('manage_webhooks')
  @IfMatch()
  @Answers(webhookEndpoint, {
    summary: 'Change a webhook endpoint, or turn it off or on',
    description: 'Messages that wait go to the new URL. What happens while it is off is never sent.',
  })
  async editWebhookEndpoint(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('webhookEndpointId', { schema: id }) endpointId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: editWebhookEndpointRequest }) request: z.output<typeof editWebhookEndpointRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof webhookEndpoint>> {
    const allowsPrivate = this.settings.WEBHOOK_ALLOW_PRIVATE;
    const check = seenBy(ifMatch, changeableEndpoint);
    const input = { ...request, organizationId, endpointId, allowsPrivate, check, actor };
    return toWebhookEndpoint(await editWebhookEndpoint(this.context, input));
  }

  @Post('organizations/:organizationId/webhook-endpoints/:webhookEndpointId/rotate')
  @ForMembers('manage_webhooks')
  @Answers(webhookEndpointWithSecret, {
    summary: 'Give a webhook endpoint a new signing secret',
    description:
      'For the overlap each message has two signatures, one of each secret. A rotation within an overlap ends the older secret at once.',
    status: 201,
  })
  async rotateWebhookSecret(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('webhookEndpointId', { schema: id }) endpointId: string,
    @Body({ schema: rotateWebhookSecretRequest }) { overlapSeconds }: z.output<typeof rotateWebhookSecretRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof webhookEndpointWithSecret>> {
    const encryptionKeys = this.settings.ENCRYPTION_KEYS;
    const input = { organizationId, endpointId, overlapSeconds, encryptionKeys, actor };
    const { endpoint, secret } = await rotateWebhookSecret(this.context, input);
    return { endpoint: toWebhookEndpoint(endpoint), secret };
  }

  @Delete('organizations/:organizationId/webhook-endpoints/:webhookEndpointId')
  @ForMembers('manage_webhooks')
  @AnswersNothing({ summary: 'Delete a webhook endpoint, with its log' })
  deleteWebhookEndpoint(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('webhookEndpointId', { schema: id }) endpointId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    return deleteWebhookEndpoint(this.context, { organizationId, endpointId, actor });
  }
}
