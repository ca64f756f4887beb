import type { PaymentState } from '#domain';
import { type ServiceContext, setPaymentState } from '#services';
import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { standing, standingRequest } from '../contract/standing.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';

@ApiTags('Operation')
@ForStaff('operator')
@Controller('api/v1/operator/subscriptions/:subscriptionId')
export class SubscriptionStandingController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Post('suspend')
  @Answers(standing, {
    summary: 'Suspend a subscription for payment',
    description: 'The gateways refuse its calls with 402 within a second, and end its open streams; its keys stay.',
  })
  async suspendSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: standingRequest }) { reason }: z.output<typeof standingRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof standing>> {
    return this.set(subscriptionId, 'suspended', reason, actor);
  }

  @Post('restore')
  @Answers(standing, { summary: 'Let the calls of a suspended subscription pass again' })
  async restoreSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: standingRequest }) { reason }: z.output<typeof standingRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof standing>> {
    return this.set(subscriptionId, 'current', reason, actor);
  }

  private async set(
    subscriptionId: string,
    paymentState: PaymentState,
    reason: string | null,
    actor: Caller['actor'],
  ): Promise<z.input<typeof standing>> {
    const hasChanged = await setPaymentState(this.context, { subscriptionId, paymentState, reason, actor });
    return { suspended: paymentState === 'suspended', changed: hasChanged };
  }
}
