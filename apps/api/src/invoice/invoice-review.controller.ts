import { type ServiceContext, findReviewWindow, issueReviewed, setReviewWindow } from '#services';
import { Body, Controller, Get, Headers, Inject, Param, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { IfMatch, seenBy, withEtag } from '../contract/entity-tag.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { issuedInvoice, reviewWindow } from './invoice.schema.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance')
export class InvoiceReviewController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Post('invoices/:invoiceId/issue')
  @Answers(issuedInvoice, {
    summary: 'End the review of an invoice',
    description: 'It gets its number and is collected; nothing of it can be changed from then on.',
  })
  async issueInvoice(
    @Param('invoiceId', { schema: id }) invoiceId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof issuedInvoice>> {
    return issueReviewed(this.context, { invoiceId, actor });
  }

  @Get('organizations/:organizationId/invoice-review')
  @Answers(reviewWindow, {
    summary: 'How long invoices of an organization wait in review',
    description: 'Its ETag is for setting it.',
  })
  async findReviewWindow(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof reviewWindow>> {
    const hours = await findReviewWindow(this.context, organizationId);
    return withEtag(reply, { hours }, hours);
  }

  @Put('organizations/:organizationId/invoice-review')
  @IfMatch()
  @Answers(reviewWindow, {
    summary: 'Set how long invoices of an organization wait in review',
    description: 'Invoices that are in review keep the end that they have.',
  })
  async setReviewWindow(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: reviewWindow }) { hours }: z.output<typeof reviewWindow>,
    @CurrentCaller() { actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof reviewWindow>> {
    const check = seenBy(ifMatch, (current: number) => current);
    await setReviewWindow(this.context, { organizationId, hours, check, actor });
    return withEtag(reply, { hours }, hours);
  }
}
