import type { PaymentProvider } from '#domain';
import { type ClockControl, type ServiceContext, followProviderClock, receiveWebhook } from '#services';
import { Controller, Inject, Post, type RawBodyRequest, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Public } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { CLOCK_CONTROL, PAYMENT_PROVIDER, SERVICE_CONTEXT } from '../tokens.js';

const webhookAnswer = z.object({ received: z.literal(true) }).meta({ id: 'WebhookAnswer' });

@ApiTags('Payment')
@Public()
@Controller('api/webhooks')
export class WebhookController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(PAYMENT_PROVIDER) private readonly paymentProvider: PaymentProvider,
    @Inject(CLOCK_CONTROL) private readonly clockControl: ClockControl | null,
  ) {}

  @Post('stripe')
  @Answers(webhookAnswer, {
    summary: 'Messages of the payment provider',
    description: 'Signed in the `stripe-signature` header. Each message takes effect once, however often it comes.',
  })
  async receiveWebhook(@Req() request: RawBodyRequest<FastifyRequest>): Promise<z.input<typeof webhookAnswer>> {
    const signature = String(request.headers['stripe-signature'] ?? '');
    const body = request.rawBody ?? Buffer.alloc(0);
    const { clockMovedTo } = await receiveWebhook(this.context, this.paymentProvider, body, signature);
    if (clockMovedTo) {
      await followProviderClock(this.context, { to: clockMovedTo, clockControl: this.clockControl });
    }
    return { received: true };
  }
}
