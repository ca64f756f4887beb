import {
  type ServiceContext,
  exportCreditNotesCsv,
  findCreditNoteDocument,
  findElectronicCreditNote,
  issueCreditNote,
  previewCreditNote,
  renderCreditNotePdf,
} from '#services';
import { Body, Controller, Get, Inject, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersWith } from '../contract/answers.decorator.js';
import { id, toMoney } from '../contract/value.schema.js';
import { csvFile, pdfFile, ublFile } from '../invoice/invoice-file.js';
import { issuedQuery, toFinanceFilter } from '../invoice/invoice.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import {
  creditNoteInput,
  creditNotePreview,
  creditNotePreviewInput,
  creditNoteReference,
} from './credit-note.schema.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance')
export class FinanceCreditNoteController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Post('invoices/:invoiceId/credit-notes')
  @Answers(creditNoteReference, {
    status: 201,
    summary: 'Give back a paid invoice, or a part of it',
    description: 'It gets the next number of the credit notes of its seller; the sum goes to the balance.',
  })
  async issueCreditNote(
    @Param('invoiceId', { schema: id }) invoiceId: string,
    @Body({ schema: creditNoteInput }) body: z.output<typeof creditNoteInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof creditNoteReference>> {
    return issueCreditNote(this.context, { invoiceId, ...body, actor });
  }

  @Post('invoices/:invoiceId/credit-notes/preview')
  @Answers(creditNotePreview, { summary: 'What a credit note, or a refund, would be', description: 'Writes nothing.' })
  async previewCreditNote(
    @Param('invoiceId', { schema: id }) invoiceId: string,
    @Body({ schema: creditNotePreviewInput }) { lines }: z.output<typeof creditNotePreviewInput>,
  ): Promise<z.input<typeof creditNotePreview>> {
    const preview = await previewCreditNote(this.context, { invoiceId, lines });
    return {
      subtotal: toMoney(preview.subtotalMinor, preview.currency),
      tax: toMoney(preview.taxMinor, preview.currency),
      total: toMoney(preview.totalMinor, preview.currency),
      reduced: toMoney(preview.reducedMinor, preview.currency),
      refundable: toMoney(preview.refundableMinor, preview.currency),
    };
  }

  @Get('invoices/:invoiceId/credit-notes/:creditNoteId/pdf')
  @AnswersWith('application/pdf', { summary: 'A credit note of any organization as a PDF' })
  async renderAnyCreditNote(
    @Param('invoiceId', { schema: id }) invoiceId: string,
    @Param('creditNoteId', { schema: id }) creditNoteId: string,
  ): Promise<StreamableFile> {
    const document = await findCreditNoteDocument(this.context, { invoiceId, creditNoteId });
    return pdfFile(await renderCreditNotePdf(document), document.note.number);
  }

  @Get('invoices/:invoiceId/credit-notes/:creditNoteId/ubl')
  @AnswersWith('application/xml', { summary: 'A credit note of any organization by EN 16931, as UBL 2.1' })
  async exportAnyElectronicCreditNote(
    @Param('invoiceId', { schema: id }) invoiceId: string,
    @Param('creditNoteId', { schema: id }) creditNoteId: string,
  ): Promise<StreamableFile> {
    return ublFile(await findElectronicCreditNote(this.context, { invoiceId, creditNoteId }));
  }

  @Get('credit-notes.csv')
  @AnswersWith('text/csv', {
    summary: 'The lines of all credit notes as CSV',
    description: 'Streamed, without a limit.',
  })
  exportCreditNotes(@Query({ schema: issuedQuery }) query: z.output<typeof issuedQuery>): StreamableFile {
    return csvFile(exportCreditNotesCsv(this.context, toFinanceFilter(query)), 'credit-notes');
  }
}
