import { type ServiceContext, changeBillingDetails, findBillingDetails } from '#services';
import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { billingDetails, billingDetailsChange } from './tax.schema.js';
import { toBillingDetails } from './to-tax.js';

@ApiTags('Invoices')
@Controller('api/v1/organizations/:organizationId')
export class BillingDetailsController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('billing-details')
  @ForMembers('read')
  @Answers(billingDetails, { summary: 'What invoices say of the organization, and what their tax depends on' })
  async findBillingDetails(
    @Param('organizationId', { schema: id }) organizationId: string,
  ): Promise<z.input<typeof billingDetails>> {
    return toBillingDetails(await findBillingDetails(this.context, organizationId));
  }

  @Put('billing-details')
  @ForMembers('manage_billing')
  @Answers(billingDetails, {
    summary: 'Say what invoices say of the organization',
    description:
      'In place of all that was said before. Invoices that are made already stay as they are. Tax numbers come back as they are printed.',
  })
  async changeBillingDetails(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: billingDetailsChange }) details: z.output<typeof billingDetailsChange>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof billingDetails>> {
    return toBillingDetails(await changeBillingDetails(this.context, { organizationId, details, actor }));
  }
}
