import { type ServiceContext, decideOnDispute, readDisputes, resolveDispute } from '#services';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { id, toMoney } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { disputeList, disputeQuery, disputeReference, resolutionInput } from './dispute.schema.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance/disputes')
export class FinanceDisputeController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(disputeList, { summary: 'Payments that banks ask back, newest first' })
  async listDisputes(
    @Query({ schema: disputeQuery }) { limit, before, invoiceId, unresolved }: z.output<typeof disputeQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof disputeList>> {
    const filter = { invoiceId, isUnresolved: unresolved === 'true' };
    const found = await readDisputes(this.context, filter, { before: before ?? null, limit });
    return {
      disputes: found.map((dispute) => ({
        ...dispute,
        amount: toMoney(dispute.amountMinor, dispute.currency),
        isOwn: dispute.decidedAt === null && dispute.proposedBy === userId,
        proposedBy: dispute.proposedByName,
        decidedBy: dispute.decidedByName,
      })),
      next: found.length < limit ? null : found.at(-1)!.id,
    };
  }

  @Post(':disputeId/resolution')
  @Answers(disputeReference, {
    summary: 'Say what becomes of the claim of a lost dispute',
    description:
      'Reopened, its invoice is past due again at once, and no card is charged for it. Written off, another person of finance must approve it.',
  })
  async resolveDispute(
    @Param('disputeId', { schema: id }) disputeId: string,
    @Body({ schema: resolutionInput }) body: z.output<typeof resolutionInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof disputeReference>> {
    return resolveDispute(this.context, { disputeId, ...body, actor });
  }

  @Post(':disputeId/resolution/approve')
  @Answers(disputeReference, {
    summary: 'Approve the write-off that another person proposed',
    description: 'The invoice is given up. Who proposed it is refused.',
  })
  async approveResolution(
    @Param('disputeId', { schema: id }) disputeId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof disputeReference>> {
    return decideOnDispute(this.context, { disputeId, decision: 'approved', actor });
  }

  @Post(':disputeId/resolution/refuse')
  @Answers(disputeReference, { summary: 'Refuse a write-off, or take back your own' })
  async refuseResolution(
    @Param('disputeId', { schema: id }) disputeId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof disputeReference>> {
    return decideOnDispute(this.context, { disputeId, decision: 'refused', actor });
  }
}
