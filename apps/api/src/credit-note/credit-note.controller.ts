import { type ServiceContext, findCreditNoteDocument, findElectronicCreditNote, renderCreditNotePdf } from '#services';
import { Controller, Get, Inject, Param, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ForMembers } from '../access/access.js';
import { AnswersWith } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { pdfFile, ublFile } from '../invoice/invoice-file.js';
import { SERVICE_CONTEXT } from '../tokens.js';

@ApiTags('Invoices')
@ForMembers('read')
@Controller('api/v1/organizations/:organizationId/invoices/:invoiceId/credit-notes')
export class CreditNoteController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get(':creditNoteId/pdf')
  @AnswersWith('application/pdf', { summary: 'A credit note as a PDF' })
  async renderCreditNote(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invoiceId', { schema: id }) invoiceId: string,
    @Param('creditNoteId', { schema: id }) creditNoteId: string,
  ): Promise<StreamableFile> {
    const document = await findCreditNoteDocument(this.context, { organizationId, invoiceId, creditNoteId });
    return pdfFile(await renderCreditNotePdf(document), document.note.number);
  }

  @Get(':creditNoteId/ubl')
  @AnswersWith('application/xml', { summary: 'A credit note by EN 16931, as UBL 2.1' })
  async exportElectronicCreditNote(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('invoiceId', { schema: id }) invoiceId: string,
    @Param('creditNoteId', { schema: id }) creditNoteId: string,
  ): Promise<StreamableFile> {
    return ublFile(await findElectronicCreditNote(this.context, { organizationId, invoiceId, creditNoteId }));
  }
}
