import { type ServiceContext, findInvoice, listInvoices } from '#services';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { invoice, invoiceList, invoicePageQuery, toFinanceFilter } from './invoice.schema.js';
import { toInvoice } from './to-invoice.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance')
export class FinanceInvoiceController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('invoices')
  @Answers(invoiceList, { summary: 'The invoices of all organizations, newest first' })
  async listAllInvoices(
    @Query({ schema: invoicePageQuery }) query: z.output<typeof invoicePageQuery>,
  ): Promise<z.input<typeof invoiceList>> {
    const { invoices, next } = await listInvoices(this.context, toFinanceFilter(query), query);
    return { invoices: invoices.map(toInvoice), next };
  }

  @Get('invoices/:invoiceId')
  @Answers(invoice, { summary: 'One invoice of any organization' })
  async findAnyInvoice(@Param('invoiceId', { schema: id }) invoiceId: string): Promise<z.input<typeof invoice>> {
    return toInvoice(await findInvoice(this.context, { invoiceId }));
  }
}
