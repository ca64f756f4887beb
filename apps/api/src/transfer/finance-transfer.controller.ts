import {
  type RecordedTransfer,
  type ServiceContext,
  assignStatementRow,
  findInvoiceId,
  importStatement,
  listTransfers,
  listUnmatchedRows,
  putStatementRowAside,
  recordTransfer,
  reverseTransfer,
} from '#services';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { placeText } from '../contract/page.schema.js';
import { readPage } from '../contract/read-page.js';
import { id, toMoney } from '../contract/value.schema.js';
import { reasonInput } from '../invoice/invoice.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import {
  assignment,
  importedStatement,
  recordedTransfer,
  reversalReference,
  rowHash,
  statementInput,
  statementRowList,
  statementRowQuery,
  transferInput,
  transferList,
  transferQuery,
} from './transfer.schema.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance')
export class FinanceTransferController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('transfers')
  @Answers(transferList, { summary: 'Recorded transfers of all organizations, newest first' })
  async listTransfers(
    @Query({ schema: transferQuery }) query: z.output<typeof transferQuery>,
  ): Promise<z.input<typeof transferList>> {
    const transfers = await listTransfers(this.context, query);
    return {
      transfers: transfers.map((found) => ({
        ...found,
        organization: { id: found.organizationId, name: found.organizationName },
        seller: found.sellerSlug,
        amount: toMoney(found.amountMinor, found.currency),
        kept: toMoney(found.keptMinor, found.currency),
        payments: found.payments.map((payment) => ({
          ...payment,
          amount: toMoney(payment.amountMinor, found.currency),
        })),
      })),
      next: transfers.length < query.limit ? null : transfers.at(-1)!.id,
    };
  }

  @Post('transfers')
  @Answers(recordedTransfer, {
    status: 201,
    summary: 'Record a transfer that has arrived',
    description: 'One that looks the same as another is refused with `transfer_recorded`, unless `insist` is true.',
  })
  async recordTransfer(
    @Body({ schema: transferInput }) { invoice, organizationId, seller, ...body }: z.output<typeof transferInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof recordedTransfer>> {
    const pays =
      invoice === undefined
        ? { organizationId: organizationId!, sellerSlug: seller }
        : { invoiceId: await findInvoiceId(this.context, invoice) };
    return toRecorded(await recordTransfer(this.context, { ...body, pays, actor }));
  }

  @Post('transfers/:transferId/reverse')
  @Answers(reversalReference, {
    status: 201,
    summary: 'Take back a transfer that was recorded wrongly',
    description: 'By a row of its own; the invoices that it paid are due again.',
  })
  async reverseTransfer(
    @Param('transferId', { schema: id }) transferId: string,
    @Body({ schema: reasonInput }) { reason }: z.output<typeof reasonInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof reversalReference>> {
    return { reversalId: await reverseTransfer(this.context, { transferId, reason, actor }) };
  }

  @Post('bank-statements')
  @Answers(importedStatement, {
    summary: 'Import a bank statement',
    description:
      'All of it, or nothing where a line is wrong. Rows that were imported before are passed over; those that name no open invoice wait for a person.',
  })
  async importStatement(
    @Body({ schema: statementInput }) { seller, ...body }: z.output<typeof statementInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof importedStatement>> {
    return importStatement(this.context, { sellerSlug: seller, ...body, actor });
  }

  @Get('bank-statement-rows')
  @Answers(statementRowList, { summary: 'Rows of bank statements that wait for a person, the oldest first' })
  async listUnmatchedRows(
    @Query({ schema: statementRowQuery }) { limit, after }: z.output<typeof statementRowQuery>,
  ): Promise<z.input<typeof statementRowList>> {
    const { rows, last } = await readPage(limit, (most) => listUnmatchedRows(this.context, { after, limit: most }));
    return {
      next: last && placeText(last.importedAt, last.line, last.hash),
      rows: rows.map((row) => ({ ...row, seller: row.sellerSlug, amount: toMoney(row.amountMinor, row.currency) })),
    };
  }

  @Post('bank-statement-rows/:hash/assign')
  @Answers(recordedTransfer, { summary: 'Say what a row of a bank statement pays' })
  async assignRow(
    @Param('hash', { schema: rowHash }) hash: string,
    @Body({ schema: assignment }) { invoice, organizationId, insist }: z.output<typeof assignment>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof recordedTransfer>> {
    const pays =
      invoice === undefined
        ? { organizationId: organizationId! }
        : { invoiceId: await findInvoiceId(this.context, invoice) };
    return toRecorded(await assignStatementRow(this.context, { hash, pays, insist, actor }));
  }

  @Post('bank-statement-rows/:hash/put-aside')
  @AnswersNothing({ summary: 'Put a row of a bank statement aside that pays nothing here' })
  async putRowAside(
    @Param('hash', { schema: rowHash }) hash: string,
    @Body({ schema: reasonInput }) { reason }: z.output<typeof reasonInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await putStatementRowAside(this.context, { hash, reason, actor });
  }
}

function toRecorded({
  id: transferId,
  currency,
  payments,
  keptMinor,
}: RecordedTransfer): z.input<typeof recordedTransfer> {
  return {
    id: transferId,
    payments: payments.map(({ invoiceId, amountMinor }) => ({ invoiceId, amount: toMoney(amountMinor, currency) })),
    kept: toMoney(keptMinor, currency),
  };
}
