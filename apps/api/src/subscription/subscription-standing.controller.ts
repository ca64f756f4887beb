import { type ServiceContext, suspendSubscription } from '#services';
import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { subscriptionStanding, subscriptionStandingRequest } from '../contract/standing.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';

@ApiTags('Operation')
@ForStaff('operator')
@Controller('api/v1/operator/subscriptions/:subscriptionId')
export class SubscriptionStandingController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Post('suspend')
  @Answers(subscriptionStanding, {
    summary: 'Suspend a subscription',
    description:
      'The gateways refuse its calls within a second, with 403 for the operator’s reason and 402 for payment, and end its ' +
      'open streams; its keys stay.',
  })
  async suspendSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: subscriptionStandingRequest }) request: z.output<typeof subscriptionStandingRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof subscriptionStanding>> {
    return this.set(subscriptionId, true, request, actor);
  }

  @Post('restore')
  @Answers(subscriptionStanding, {
    summary: 'Lift a reason for which a subscription is suspended',
    description: 'Its calls pass again when no other reason is left.',
  })
  async restoreSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: subscriptionStandingRequest }) request: z.output<typeof subscriptionStandingRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof subscriptionStanding>> {
    return this.set(subscriptionId, false, request, actor);
  }

  private async set(
    subscriptionId: string,
    isSuspended: boolean,
    { for: reason, reason: note }: z.output<typeof subscriptionStandingRequest>,
    actor: Caller['actor'],
  ): Promise<z.input<typeof subscriptionStanding>> {
    const input = { subscriptionId, reason, isSuspended, note, actor };
    const { hasChanged, suspendedFor } = await suspendSubscription(this.context, input);
    return { suspended: suspendedFor.length > 0, changed: hasChanged, suspendedFor };
  }
}
