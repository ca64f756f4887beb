import type { PaymentProvider } from '#domain';
import { type ServiceContext, createPortalSession, createSetupSession, paymentMethodOf } from '#services';
import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { type ApiSettings, PAYMENT_PROVIDER, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { paymentMethodAnswer, portalSession, setupSession, setupSessionRequest } from './payment-method.schema.js';

@ApiTags('Payment')
@Controller('api/v1/organizations/:organizationId/payment-method')
export class PaymentMethodController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(PAYMENT_PROVIDER) private readonly paymentProvider: PaymentProvider,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get()
  @ForMembers('read')
  @Answers(paymentMethodAnswer, { summary: 'The card that invoices are charged to' })
  async findPaymentMethod(
    @Param('organizationId', { schema: id }) organizationId: string,
  ): Promise<z.input<typeof paymentMethodAnswer>> {
    return { paymentMethod: await paymentMethodOf(this.context, this.paymentProvider, organizationId) };
  }

  @Post('setup-session')
  @ForMembers('manage_billing')
  @Answers(setupSession, { summary: 'Open the payment provider’s page for saving a card' })
  async createSetupSession(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: setupSessionRequest }) { returnPath }: z.output<typeof setupSessionRequest>,
  ): Promise<z.input<typeof setupSession>> {
    const returnUrl = this.settings.PORTAL_URL + returnPath;
    return createSetupSession(this.context, this.paymentProvider, { organizationId, returnUrl });
  }

  @Post('portal-session')
  @ForMembers('manage_billing')
  @Answers(portalSession, { summary: 'Open the payment provider’s page of saved cards and paid invoices' })
  async createPortalSession(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: setupSessionRequest }) { returnPath }: z.output<typeof setupSessionRequest>,
  ): Promise<z.input<typeof portalSession>> {
    const returnUrl = this.settings.PORTAL_URL + returnPath;
    return createPortalSession(this.context, this.paymentProvider, { organizationId, returnUrl });
  }
}
