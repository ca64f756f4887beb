import {
  type ServiceContext,
  exportInvoicesCsv,
  exportInvoicesNdjson,
  exportInvoicesXlsx,
  findElectronicInvoice,
  findInvoice,
  findInvoiceDocument,
  findInvoiceJson,
  previewTable,
  renderInvoicePdf,
  reportTable,
  writeTable,
} from '#services';
import { Controller, Get, Inject, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { Answers, AnswersFile, AnswersWith } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { csvFile, exportFile, exportTypes, jsonFile, pdfFile, ublFile } from '../invoice/invoice-file.js';
import { invoiceFilterQuery, toFinanceFilter } from '../invoice/invoice.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { report, reportName, reportQuery, tableFormat } from './finance-export.schema.js';
import { invoiceDocument } from './invoice-document.schema.js';

const PREVIEW_ROWS = 100;
const streamed = 'Streamed, without a limit.';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance')
export class FinanceExportController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('invoices.csv')
  @AnswersWith(exportTypes.csv, { summary: 'The lines of all issued invoices as CSV', description: streamed })
  exportAllInvoices(@Query({ schema: invoiceFilterQuery }) query: z.output<typeof invoiceFilterQuery>): StreamableFile {
    return csvFile(exportInvoicesCsv(this.context, toFinanceFilter(query)), 'invoices');
  }

  @Get('invoices.xlsx')
  @AnswersWith(exportTypes.xlsx, {
    summary: 'All issued invoices, their lines, and the credit notes of the same time as a workbook',
    description: streamed,
  })
  exportAllInvoicesXlsx(
    @Query({ schema: invoiceFilterQuery }) query: z.output<typeof invoiceFilterQuery>,
  ): StreamableFile {
    return exportFile(exportInvoicesXlsx(this.context, toFinanceFilter(query)), 'invoices', 'xlsx');
  }

  @Get('invoices.ndjson')
  @AnswersWith(exportTypes.ndjson, {
    summary: 'All issued invoices as JSON lines, each with its lines, tiers, payments and credit notes',
    description: streamed,
  })
  exportAllInvoicesNdjson(
    @Query({ schema: invoiceFilterQuery }) query: z.output<typeof invoiceFilterQuery>,
  ): StreamableFile {
    return exportFile(exportInvoicesNdjson(this.context, toFinanceFilter(query)), 'invoices', 'ndjson');
  }

  @Get('invoices/:invoiceId/pdf')
  @AnswersWith('application/pdf', { summary: 'An invoice of any organization as a PDF' })
  async renderAnyInvoice(@Param('invoiceId', { schema: id }) invoiceId: string): Promise<StreamableFile> {
    const document = await findInvoiceDocument(this.context, { invoiceId });
    return pdfFile(await renderInvoicePdf(document), document.invoice.number ?? invoiceId);
  }

  @Get('invoices/:invoiceId/csv')
  @AnswersWith(exportTypes.csv, { summary: 'The lines of an invoice of any organization as CSV' })
  async exportAnyInvoice(@Param('invoiceId', { schema: id }) invoiceId: string): Promise<StreamableFile> {
    const { number } = await findInvoice(this.context, { invoiceId });
    return csvFile(exportInvoicesCsv(this.context, { invoiceId }), number ?? invoiceId);
  }

  @Get('invoices/:invoiceId/xlsx')
  @AnswersWith(exportTypes.xlsx, { summary: 'An invoice of any organization as a workbook' })
  async exportAnyInvoiceXlsx(@Param('invoiceId', { schema: id }) invoiceId: string): Promise<StreamableFile> {
    const { number } = await findInvoice(this.context, { invoiceId });
    return exportFile(exportInvoicesXlsx(this.context, { invoiceId }), number ?? invoiceId, 'xlsx');
  }

  @Get('invoices/:invoiceId/json')
  @AnswersFile(invoiceDocument, { summary: 'An invoice of any organization as one JSON document' })
  async exportAnyInvoiceJson(@Param('invoiceId', { schema: id }) invoiceId: string): Promise<StreamableFile> {
    const { number, document } = await findInvoiceJson(this.context, { invoiceId });
    return jsonFile(document, number ?? invoiceId);
  }

  @Get('invoices/:invoiceId/ubl')
  @AnswersWith('application/xml', { summary: 'An invoice of any organization by EN 16931, as UBL 2.1' })
  async exportAnyElectronicInvoice(@Param('invoiceId', { schema: id }) invoiceId: string): Promise<StreamableFile> {
    return ublFile(await findElectronicInvoice(this.context, { invoiceId }));
  }

  @Get('reports/:report/:format')
  @AnswersWith([exportTypes.csv, exportTypes.ndjson, exportTypes.xlsx], {
    summary: 'A report over all organizations, as CSV, JSON lines or a workbook',
    description: streamed,
  })
  exportReport(
    @Param('report', { schema: reportName }) name: z.output<typeof reportName>,
    @Param('format', { schema: tableFormat }) format: z.output<typeof tableFormat>,
    @Query({ schema: reportQuery }) query: z.output<typeof reportQuery>,
  ): StreamableFile {
    const table = reportTable(this.context, name, query);
    return exportFile(writeTable(table, format, this.context.clock.now()), name, format);
  }

  @Get('reports/:report')
  @Answers(report, { summary: 'The first rows of a report over all organizations' })
  previewReport(
    @Param('report', { schema: reportName }) name: z.output<typeof reportName>,
    @Query({ schema: reportQuery }) query: z.output<typeof reportQuery>,
  ): Promise<z.input<typeof report>> {
    return previewTable(reportTable(this.context, name, query), PREVIEW_ROWS);
  }
}
