import {
  type ServiceContext,
  decideOnCredits,
  findOrganization,
  listCreditProposals,
  proposeCredits,
  readCredits,
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
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { creditProposal, creditProposalList, creditProposalReference, creditStatement } from './credit.schema.js';
import { toCreditStatement } from './to-credits.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance')
export class FinanceCreditController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get('organizations/:organizationId/credits')
  @Answers(creditStatement, { summary: 'The prepaid credits of any organization' })
  async readAnyCredits(
    @Param('organizationId', { schema: id }) organizationId: string,
  ): Promise<z.input<typeof creditStatement>> {
    await findOrganization(this.context, organizationId);
    return toCreditStatement(await readCredits(this.context, organizationId));
  }

  @Post('organizations/:organizationId/credits')
  @Answers(creditProposalReference, {
    status: 201,
    summary: 'Give an organization credits',
    description: 'At once up to the limit (CREDIT_GRANT_LIMIT); above it another person of finance must approve them.',
  })
  async giveCredits(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: creditProposal }) { seller, ...body }: z.output<typeof creditProposal>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof creditProposalReference>> {
    const limit = this.settings.CREDIT_GRANT_LIMIT;
    return proposeCredits(this.context, { organizationId, sellerSlug: seller, ...body, limit, actor });
  }

  @Get('credit-proposals')
  @Answers(creditProposalList, { summary: 'Credits that finance gave: those that wait first, then the newest' })
  async listCreditProposals(
    @Query({ schema: proposalQuery }) { limit, after }: z.output<typeof proposalQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof creditProposalList>> {
    const { rows, last } = await readPage(limit, (most) => listCreditProposals(this.context, { after, limit: most }));
    return { proposals: rows.map((found) => toProposal(found, userId)), next: last && toProposalPlace(last) };
  }

  @Post('credit-proposals/:proposalId/approve')
  @Answers(creditProposalReference, {
    summary: 'Approve credits that another person proposed',
    description: 'Who proposed them is refused.',
  })
  async approveCredits(
    @Param('proposalId', { schema: id }) proposalId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof creditProposalReference>> {
    return decideOnCredits(this.context, { proposalId, decision: 'approved', actor });
  }

  @Post('credit-proposals/:proposalId/refuse')
  @Answers(creditProposalReference, { summary: 'Refuse credits that wait, or take back your own' })
  async refuseCredits(
    @Param('proposalId', { schema: id }) proposalId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof creditProposalReference>> {
    return decideOnCredits(this.context, { proposalId, decision: 'refused', actor });
  }
}
