import { type ServiceContext, findPaymentTerms, setPaymentTerms } from '#services';
import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers, ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
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
  @Answers(paymentTerms, { summary: 'How any organization pays its next invoices' })
  findAnyPaymentTerms(
    @Param('organizationId', { schema: id }) organizationId: string,
  ): Promise<z.input<typeof paymentTerms>> {
    return findPaymentTerms(this.context, organizationId);
  }

  @Put()
  @Answers(paymentTerms, {
    summary: 'Say how an organization pays its next invoices',
    description: 'Invoices that are issued keep their terms. By transfer needs a bank account of the seller.',
  })
  async setPaymentTerms(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: paymentTermsInput }) terms: z.output<typeof paymentTermsInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof paymentTerms>> {
    await setPaymentTerms(this.context, { organizationId, terms, actor });
    return terms;
  }
}
