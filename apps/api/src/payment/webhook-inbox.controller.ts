import { type ServiceContext, readWebhooks, replayWebhook, webhookState } from '#services';
import { Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { eventId, webhookList, webhookQuery } from './webhook-inbox.schema.js';

@ApiTags('Operation')
@ForStaff('operator')
@Controller('api/v1/operator/webhooks')
export class WebhookInboxController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(webhookList, { summary: 'Messages of the payment provider, and what became of them; the newest first' })
  async listWebhooks(
    @Query({ schema: webhookQuery }) { state, before, limit }: z.output<typeof webhookQuery>,
  ): Promise<z.input<typeof webhookList>> {
    const found = await readWebhooks(this.context, { state: state ?? null, before: before ?? null, limit });
    return {
      webhooks: found.map((webhook) => ({ ...webhook, state: webhookState(webhook) })),
      next: found.length < limit ? null : found.at(-1)!.eventId,
    };
  }

  @Post(':eventId/replay')
  @AnswersNothing({
    summary: 'Act on a message once more',
    description: 'Harmless: what the provider has now is fetched and applied, whatever the message said.',
  })
  async replayWebhook(
    @Param('eventId', { schema: eventId }) id: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await replayWebhook(this.context, { eventId: id, actor });
  }
}
