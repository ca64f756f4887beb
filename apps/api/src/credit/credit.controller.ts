import type { PaymentProvider } from '#domain';
import {
  type ServiceContext,
  giveUpPurchase,
  openCheckout,
  purchaseCredits,
  readCredits,
  removeTopUp,
  requirePage,
  setTopUp,
} from '#services';
import { Body, Controller, Delete, Get, Headers, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { IfMatch, seenBy, withEtag } from '../contract/entity-tag.js';
import { id } from '../contract/value.schema.js';
import { type ApiSettings, PAYMENT_PROVIDER, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import {
  creditPaymentPage,
  creditPurchase,
  creditPurchaseInvoice,
  creditStatement,
  topUpInput,
  topUpKey,
} from './credit.schema.js';
import { changeableTopUps, toCreditStatement } from './to-credits.js';

@ApiTags('Credits')
@Controller('api/v1/organizations/:organizationId/credits')
export class CreditController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(PAYMENT_PROVIDER) private readonly paymentProvider: PaymentProvider,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get()
  @ForMembers('read')
  @Answers(creditStatement, {
    summary: 'The prepaid credits of the organization, what became of them, and what can be bought',
    description: 'They pay for usage when a period is invoiced. The ETag is for setting what is bought by itself.',
  })
  async readCredits(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof creditStatement>> {
    const found = await readCredits(this.context, organizationId);
    return withEtag(reply, toCreditStatement(found), changeableTopUps(found.topUps));
  }

  @Post('purchases')
  @ForMembers('manage_billing')
  @Answers(creditPurchaseInvoice, {
    status: 201,
    summary: 'Buy credits',
    description:
      'Their invoice is charged to the saved card, or paid on the payment provider’s page; they are there once it is paid. Until then another purchase from the same seller is refused. One that is not paid on its page within a day is given up.',
  })
  async purchaseCredits(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: creditPurchase }) { payment, ...body }: z.output<typeof creditPurchase>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof creditPurchaseInvoice>> {
    const { id: invoiceId, number } = await purchaseCredits(this.context, {
      organizationId,
      ...body,
      paymentProvider: this.paymentProvider,
      ...(payment === 'page' && { pageReturnUrl: `${this.settings.PORTAL_URL}/dashboard/billing` }),
      actor,
    });
    return { id: invoiceId, number, paymentUrl: await openCheckout(this.context, this.paymentProvider, invoiceId) };
  }

  @Post('purchases/:invoiceId/payment-page')
  @ForMembers('manage_billing')
  @Answers(creditPaymentPage, { summary: 'Open the payment provider’s page of a purchase again' })
  async openPaymentPage(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invoiceId', { schema: id }) invoiceId: string,
  ): Promise<z.input<typeof creditPaymentPage>> {
    await requirePage(this.context, { organizationId, invoiceId });
    return { paymentUrl: await openCheckout(this.context, this.paymentProvider, invoiceId) };
  }

  @Delete('purchases/:invoiceId')
  @ForMembers('manage_billing')
  @AnswersNothing({
    summary: 'Give up a purchase that waits on the payment provider’s page',
    description: 'Nobody can pay it any more, and its invoice is void.',
  })
  async giveUpPurchase(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invoiceId', { schema: id }) invoiceId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await giveUpPurchase(this.context, this.paymentProvider, { organizationId, invoiceId, actor });
  }

  @Put('top-up')
  @ForMembers('manage_billing')
  @IfMatch()
  @AnswersNothing({
    summary: 'Buy credits whenever they run low',
    description: 'In the place of an earlier rule for the same seller and currency.',
  })
  async setTopUp(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: topUpInput }) body: z.output<typeof topUpInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await setTopUp(this.context, { organizationId, ...body, check: seenBy(ifMatch, changeableTopUps), actor });
  }

  @Delete('top-up/:seller/:currency')
  @ForMembers('manage_billing')
  @AnswersNothing({ summary: 'Buy no more credits without being asked' })
  async removeTopUp(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('seller', { schema: topUpKey.shape.seller }) sellerSlug: string,
    @Param('currency', { schema: topUpKey.shape.currency }) currency: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await removeTopUp(this.context, { organizationId, sellerSlug, currency }, actor);
  }
}
