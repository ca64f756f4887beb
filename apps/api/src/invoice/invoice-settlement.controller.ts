import { type ServiceContext, markUncollectible, rebuildCollection, reissueInvoice, voidInvoice } from '#services';
import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { reasonInput, replacementReference, voidInput } from './invoice.schema.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance/invoices/:invoiceId')
export class InvoiceSettlementController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Post('void')
  @Answers(replacementReference, {
    summary: 'Withdraw an invoice that is not paid',
    description:
      'It keeps its number and is void at the payment provider too; what it took of the balance, and what was paid of it, is in the balance.',
  })
  async voidInvoice(
    @Param('invoiceId', { schema: id }) invoiceId: string,
    @Body({ schema: voidInput }) body: z.output<typeof voidInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof replacementReference>> {
    return { replacementId: await voidInvoice(this.context, { invoiceId, ...body, actor }) };
  }

  @Post('reissue')
  @Answers(replacementReference, {
    status: 201,
    summary: 'Make another invoice in the place of a void one',
    description:
      'With the same lines, and the seller and payer as they are now. It waits in review for a day at least.',
  })
  async reissueInvoice(
    @Param('invoiceId', { schema: id }) invoiceId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof replacementReference>> {
    return { replacementId: await reissueInvoice(this.context, { invoiceId, actor }) };
  }

  @Post('rebuild')
  @AnswersNothing({
    summary: 'Build a held invoice anew at the payment provider',
    description:
      'What it had differently there is thrown away, and the invoice is compared again before anything is finalized or charged. Find the cause first.',
  })
  async rebuildCollection(
    @Param('invoiceId', { schema: id }) invoiceId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await rebuildCollection(this.context, { invoiceId, actor });
  }

  @Post('uncollectible')
  @AnswersNothing({
    summary: 'Give up an invoice that is past due',
    description: 'No card is charged for it any more. It may still be paid, or be made void.',
  })
  async markUncollectible(
    @Param('invoiceId', { schema: id }) invoiceId: string,
    @Body({ schema: reasonInput }) { reason }: z.output<typeof reasonInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await markUncollectible(this.context, { invoiceId, reason, actor });
  }
}
