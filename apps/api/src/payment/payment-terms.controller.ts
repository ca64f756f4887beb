import type { PaymentTerms } from '#domain';
import { type ServiceContext, findPaymentTerms, setPaymentTerms } from '#services';
import { Body, Controller, Get, Headers, Inject, Param, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ForMembers, ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { IfMatch, seenBy, withEtag } from '../contract/entity-tag.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { paymentTerms, paymentTermsInput } from './payment-terms.schema.js';

@ApiTags('Invoices')
@Controller('api/v1/organizations/:organizationId/payment-terms')
export class PaymentTermsController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @ForMembers('read')
  @Answers(paymentTerms, { summary: 'How the organization pays its next invoices', description: 'Finance decides it.' })
  findPaymentTerms(
    @Param('organizationId', { schema: id }) organizationId: string,
  ): Promise<z.input<typeof paymentTerms>> {
    return findPaymentTerms(this.context, organizationId);
  }
}

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance/organizations/:organizationId/payment-terms')
export class FinancePaymentTermsController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(paymentTerms, {
    summary: 'How any organization pays its next invoices',
    description: 'Its ETag is for setting it.',
  })
  async findAnyPaymentTerms(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof paymentTerms>> {
    const terms = await findPaymentTerms(this.context, organizationId);
    return withEtag(reply, terms, changeable(terms));
  }

  @Put()
  @IfMatch()
  @Answers(paymentTerms, {
    summary: 'Say how an organization pays its next invoices',
    description: 'Invoices that are issued keep their terms. By transfer needs a bank account of the seller.',
  })
  async setPaymentTerms(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: paymentTermsInput }) terms: z.output<typeof paymentTermsInput>,
    @CurrentCaller() { actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof paymentTerms>> {
    await setPaymentTerms(this.context, { organizationId, terms, check: seenBy(ifMatch, changeable), actor });
    return withEtag(reply, terms, changeable(terms));
  }
}

function changeable({ method, netDays }: PaymentTerms): unknown {
  return { method, netDays };
}
