import { type ServiceContext, explainLine, lineRequestTable, listLineRequests, writeTable } from '#services';
import { Controller, Get, Inject, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { Answers, AnswersWith } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { csvFile, exportTypes } from './invoice-file.js';
import {
  explainedLine,
  linePosition,
  lineRequestFileQuery,
  lineRequestList,
  lineRequestQuery,
} from './invoice-line.schema.js';
import { toExplainedLine } from './to-explained-line.js';

/** The same way back for the payer, of the invoices that are issued to it. */
@ApiTags('Invoices')
@ForMembers('read')
@Controller('api/v1/organizations/:organizationId/invoices/:invoiceId/lines/:position')
export class InvoiceLineController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(explainedLine, {
    summary: 'A line of an invoice, and what your calls behind it come to',
    description: 'Adds all of them up anew, of archived days too: it takes as long as there are calls.',
  })
  async explainInvoiceLine(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invoiceId', { schema: id }) invoice: string,
    @Param('position', { schema: linePosition }) line: number,
  ): Promise<z.input<typeof explainedLine>> {
    return toExplainedLine(await explainLine(this.context, { organizationId, invoice, line }));
  }

  @Get('requests.csv')
  @AnswersWith(exportTypes.csv, {
    summary: 'Your calls behind a line of an invoice as CSV, in the order of admission',
    description: 'Streamed. A file has at most `limit` requests; the next one begins `after` the last id of it.',
  })
  async exportInvoiceLineRequests(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invoiceId', { schema: id }) invoice: string,
    @Param('position', { schema: linePosition }) line: number,
    @Query({ schema: lineRequestFileQuery }) { after, limit }: z.output<typeof lineRequestFileQuery>,
  ): Promise<StreamableFile> {
    const table = await lineRequestTable(this.context, { organizationId, invoice, line, after: after ?? null, limit });
    return csvFile(writeTable(table, 'csv', this.context.clock.now()), `line-${line}-calls`);
  }

  @Get('requests')
  @Answers(lineRequestList, { summary: 'Your calls behind a line of an invoice, in the order of admission' })
  listInvoiceLineRequests(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invoiceId', { schema: id }) invoice: string,
    @Param('position', { schema: linePosition }) line: number,
    @Query({ schema: lineRequestQuery }) { after, limit }: z.output<typeof lineRequestQuery>,
  ): Promise<z.input<typeof lineRequestList>> {
    return listLineRequests(this.context, { organizationId, invoice, line, after: after ?? null, limit });
  }
}
