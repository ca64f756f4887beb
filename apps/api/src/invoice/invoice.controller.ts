import {
  type ServiceContext,
  exportInvoicesCsv,
  exportInvoicesXlsx,
  findElectronicInvoice,
  findInvoice,
  findInvoiceDocument,
  findInvoiceJson,
  listInvoices,
  renderInvoicePdf,
} from '#services';
import { Controller, Get, Inject, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { Answers, AnswersFile, AnswersWith } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { invoiceDocument } from '../finance-export/invoice-document.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { csvFile, exportFile, exportTypes, jsonFile, pdfFile, ublFile } from './invoice-file.js';
import { invoice, invoiceList, pageQuery } from './invoice.schema.js';
import { toPayersInvoice } from './to-invoice.js';

@ApiTags('Invoices')
@ForMembers('read')
@Controller('api/v1/organizations/:organizationId/invoices')
export class InvoiceController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(invoiceList, { summary: 'The invoices of an organization, newest first' })
  async listInvoices(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
  ): Promise<z.input<typeof invoiceList>> {
    const { invoices, next } = await listInvoices(this.context, { organizationId }, query);
    return { invoices: invoices.map(toPayersInvoice), next };
  }

  @Get(':invoiceId')
  @Answers(invoice, { summary: 'One invoice, with its lines and payments' })
  async findInvoice(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invoiceId', { schema: id }) invoiceId: string,
  ): Promise<z.input<typeof invoice>> {
    return toPayersInvoice(await findInvoice(this.context, { organizationId, invoiceId }));
  }

  @Get(':invoiceId/pdf')
  @AnswersWith('application/pdf', { summary: 'The invoice as a PDF' })
  async renderInvoice(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invoiceId', { schema: id }) invoiceId: string,
  ): Promise<StreamableFile> {
    const document = await findInvoiceDocument(this.context, { organizationId, invoiceId });
    return pdfFile(await renderInvoicePdf(document), document.invoice.number ?? invoiceId);
  }

  @Get(':invoiceId/csv')
  @AnswersWith('text/csv', { summary: 'The lines of the invoice as CSV' })
  async exportInvoice(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invoiceId', { schema: id }) invoiceId: string,
  ): Promise<StreamableFile> {
    const found = await findInvoice(this.context, { organizationId, invoiceId });
    return csvFile(exportInvoicesCsv(this.context, { organizationId, invoiceId }), found.number ?? invoiceId);
  }

  @Get(':invoiceId/xlsx')
  @AnswersWith(exportTypes.xlsx, { summary: 'The invoice, its lines and its credit notes as a workbook' })
  async exportInvoiceXlsx(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invoiceId', { schema: id }) invoiceId: string,
  ): Promise<StreamableFile> {
    const found = await findInvoice(this.context, { organizationId, invoiceId });
    const workbook = exportInvoicesXlsx(this.context, { organizationId, invoiceId });
    return exportFile(workbook, found.number ?? invoiceId, 'xlsx');
  }

  @Get(':invoiceId/json')
  @AnswersFile(invoiceDocument, { summary: 'The invoice with lines, tiers and payments as one JSON document' })
  async exportInvoiceJson(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invoiceId', { schema: id }) invoiceId: string,
  ): Promise<StreamableFile> {
    const { number, document } = await findInvoiceJson(this.context, { organizationId, invoiceId });
    return jsonFile(document, number ?? invoiceId);
  }

  @Get(':invoiceId/ubl')
  @AnswersWith('application/xml', { summary: 'The invoice by EN 16931, as UBL 2.1' })
  async exportElectronicInvoice(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invoiceId', { schema: id }) invoiceId: string,
  ): Promise<StreamableFile> {
    return ublFile(await findElectronicInvoice(this.context, { organizationId, invoiceId }));
  }
}
