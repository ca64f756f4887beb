import {
  type ServiceContext,
  decideOnAdjustment,
  findOrganization,
  listAdjustments,
  proposeAdjustment,
  readBalance,
} from '#services';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { toProposal } from '../contract/to-proposal.js';
import { proposalQuery, toProposalPlace } from '../contract/proposal-page.js';
import { readPage } from '../contract/read-page.js';
import { id } from '../contract/value.schema.js';
import { pageQuery } from '../invoice/invoice.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { adjustmentList, adjustmentReference, balanceStatement, proposal } from './balance.schema.js';
import { toBalanceStatement } from './to-balance.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance')
export class FinanceBalanceController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('organizations/:organizationId/balance')
  @Answers(balanceStatement, { summary: 'What any organization has in store with sellers' })
  async readAnyBalance(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
  ): Promise<z.input<typeof balanceStatement>> {
    await findOrganization(this.context, organizationId);
    return toBalanceStatement(await readBalance(this.context, { organizationId, ...query }));
  }

  @Post('organizations/:organizationId/adjustments')
  @Answers(adjustmentReference, {
    status: 201,
    summary: 'Propose a change of a balance by hand',
    description: 'Nothing changes until another person of finance approves it.',
  })
  async proposeAdjustment(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: proposal }) { seller, ...body }: z.output<typeof proposal>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof adjustmentReference>> {
    return proposeAdjustment(this.context, { organizationId, sellerSlug: seller, ...body, actor });
  }

  @Get('adjustments')
  @Answers(adjustmentList, { summary: 'Changes of balances by hand: those that wait first, then the newest' })
  async listAdjustments(
    @Query({ schema: proposalQuery }) { limit, after }: z.output<typeof proposalQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof adjustmentList>> {
    const { rows, last } = await readPage(limit, (most) => listAdjustments(this.context, { after, limit: most }));
    return { adjustments: rows.map((found) => toProposal(found, userId)), next: last && toProposalPlace(last) };
  }

  @Post('adjustments/:adjustmentId/approve')
  @Answers(adjustmentReference, {
    summary: 'Approve a change of a balance that another person proposed',
    description: 'Who proposed it is refused.',
  })
  async approveAdjustment(
    @Param('adjustmentId', { schema: id }) adjustmentId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof adjustmentReference>> {
    return decideOnAdjustment(this.context, { adjustmentId, decision: 'approved', actor });
  }

  @Post('adjustments/:adjustmentId/refuse')
  @Answers(adjustmentReference, { summary: 'Refuse a change of a balance, or take back your own' })
  async refuseAdjustment(
    @Param('adjustmentId', { schema: id }) adjustmentId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof adjustmentReference>> {
    return decideOnAdjustment(this.context, { adjustmentId, decision: 'refused', actor });
  }
}
