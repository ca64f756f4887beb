import { type ServiceContext, changeBillingDetails, findBillingDetails } from '#services';
import { Body, Controller, Get, Headers, Inject, Param, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { IfMatch, seenBy, withEtag } from '../contract/entity-tag.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { billingDetails, billingDetailsChange } from './tax.schema.js';
import { changeableDetails, toBillingDetails } from './to-tax.js';

@ApiTags('Invoices')
@Controller('api/v1/organizations/:organizationId')
export class BillingDetailsController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('billing-details')
  @ForMembers('read')
  @Answers(billingDetails, {
    summary: 'What invoices say of the organization, and what their tax depends on',
    description: 'Its ETag is for changing it.',
  })
  async findBillingDetails(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof billingDetails>> {
    const found = await findBillingDetails(this.context, organizationId);
    return withEtag(reply, toBillingDetails(found), changeableDetails(found.details));
  }

  @Put('billing-details')
  @ForMembers('manage_billing')
  @IfMatch()
  @Answers(billingDetails, {
    summary: 'Say what invoices say of the organization',
    description:
      'In place of all that was said before. Invoices that are made already stay as they are. Tax numbers come back as they are printed.',
  })
  async changeBillingDetails(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: billingDetailsChange }) details: z.output<typeof billingDetailsChange>,
    @CurrentCaller() { actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof billingDetails>> {
    const check = seenBy(ifMatch, changeableDetails);
    const changed = await changeBillingDetails(this.context, { organizationId, details, check, actor });
    return withEtag(reply, toBillingDetails(changed), changeableDetails(changed.details));
  }
}
