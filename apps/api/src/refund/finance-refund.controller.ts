import {
  type ServiceContext,
  decideOnRefund,
  listFoundRefunds,
  listRefundProposals,
  proposeFoundRefund,
  proposeRefund,
} from '#services';
import type { RefundProposal } from '#domain';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { creditNoteInput } from '../credit-note/credit-note.schema.js';
import { toProposal } from '../contract/to-proposal.js';
import { placeText } from '../contract/page.schema.js';
import { toProposalPlace } from '../contract/proposal-page.js';
import { readPage } from '../contract/read-page.js';
import { id, toMoney } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import {
  foundRefundInput,
  foundRefundList,
  foundRefundQuery,
  providerId,
  refundProposalList,
  refundProposalQuery,
  refundProposalReference,
} from './refund.schema.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance')
export class FinanceRefundController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Post('invoices/:invoiceId/refunds')
  @Answers(refundProposalReference, {
    status: 201,
    summary: 'Propose to refund a paid invoice, or a part of it, to the card',
    description: 'Nothing changes until another person of finance approves it.',
  })
  async proposeRefund(
    @Param('invoiceId', { schema: id }) invoiceId: string,
    @Body({ schema: creditNoteInput }) body: z.output<typeof creditNoteInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof refundProposalReference>> {
    return toReference(await proposeRefund(this.context, { invoiceId, ...body, actor }));
  }

  @Get('found-refunds')
  @Answers(foundRefundList, { summary: 'Refunds made in the payment provider’s own pages that nothing records' })
  async listFoundRefunds(
    @Query({ schema: foundRefundQuery }) { limit, after, invoiceId }: z.output<typeof foundRefundQuery>,
  ): Promise<z.input<typeof foundRefundList>> {
    const { rows, last } = await readPage(limit, (most) =>
      listFoundRefunds(this.context, { after, invoiceId, limit: most }),
    );
    return {
      refunds: rows.map((refund) => ({ ...refund, amount: toMoney(refund.amountMinor, refund.currency) })),
      next: last && placeText(last.foundAt, last.invoiceId, last.providerRefundId),
    };
  }

  @Post('found-refunds/:providerRefundId/record')
  @Answers(refundProposalReference, {
    status: 201,
    summary: 'Propose to record what such a refund gives back of an invoice by a credit note',
    description: 'Nothing changes until another person of finance approves it. No money moves: it has gone already.',
  })
  async recordFoundRefund(
    @Param('providerRefundId', { schema: providerId }) providerRefundId: string,
    @Body({ schema: foundRefundInput }) { invoiceId, reason }: z.output<typeof foundRefundInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof refundProposalReference>> {
    return toReference(await proposeFoundRefund(this.context, { providerRefundId, invoiceId, reason, actor }));
  }

  @Get('refund-proposals')
  @Answers(refundProposalList, { summary: 'Refunds to cards: those that wait first, then the newest' })
  async listRefundProposals(
    @Query({ schema: refundProposalQuery }) { limit, after, invoiceId }: z.output<typeof refundProposalQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof refundProposalList>> {
    const { rows, last } = await readPage(limit, (most) =>
      listRefundProposals(this.context, { after, invoiceId, limit: most }),
    );
    return {
      next: last && toProposalPlace(last),
      proposals: rows.map((found) => ({
        ...toProposal(found, userId),
        credited: toMoney(found.creditedMinor, found.currency),
      })),
    };
  }

  @Post('refund-proposals/:proposalId/approve')
  @Answers(refundProposalReference, {
    summary: 'Approve a refund that another person proposed',
    description: 'It issues the credit note and asks the payment provider for the refund. Who proposed it is refused.',
  })
  async approveRefund(
    @Param('proposalId', { schema: id }) proposalId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof refundProposalReference>> {
    return toReference(await decideOnRefund(this.context, { proposalId, decision: 'approved', actor }));
  }

  @Post('refund-proposals/:proposalId/refuse')
  @Answers(refundProposalReference, { summary: 'Refuse a refund, or take back your own' })
  async refuseRefund(
    @Param('proposalId', { schema: id }) proposalId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof refundProposalReference>> {
    return toReference(await decideOnRefund(this.context, { proposalId, decision: 'refused', actor }));
  }
}

function toReference({ id: proposalId, state, amountMinor, currency }: RefundProposal) {
  return { id: proposalId, state, amount: toMoney(amountMinor, currency) };
}
