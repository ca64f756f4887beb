import { type ServiceContext, readBalance } from '#services';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { pageQuery } from '../invoice/invoice.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { balanceStatement } from './balance.schema.js';
import { toBalanceStatement } from './to-balance.js';

@ApiTags('Invoices')
@ForMembers('read')
@Controller('api/v1/organizations/:organizationId')
export class BalanceController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('balance')
  @Answers(balanceStatement, {
    summary: 'What the organization has in store with sellers, and how it came about',
    description: 'It is used for the next invoices before a card is charged.',
  })
  async readBalance(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
  ): Promise<z.input<typeof balanceStatement>> {
    return toBalanceStatement(await readBalance(this.context, { organizationId, ...query }));
  }
}
