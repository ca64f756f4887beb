import { type ServiceContext, readReceivables } from '#services';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { toMoney } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { receivableList, receivablesQuery } from './receivable.schema.js';
import { toCursor } from './receivables-cursor.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance/receivables')
export class ReceivableController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(receivableList, {
    summary: 'What organizations owe, and how it comes about',
    description: 'Those where it does not add up first, then those who owe the most.',
  })
  async readReceivables(
    @Query({ schema: receivablesQuery }) { limit, after }: z.output<typeof receivablesQuery>,
  ): Promise<z.input<typeof receivableList>> {
    const { receivables: found, next } = await readReceivables(this.context, { after: after ?? null, limit });
    return {
      receivables: found.map(({ organizationId, organizationName, currency, ...sums }) => ({
        organization: { id: organizationId, name: organizationName },
        issued: toMoney(sums.issuedMinor, currency),
        withdrawn: toMoney(sums.withdrawnMinor, currency),
        credited: toMoney(sums.creditedMinor, currency),
        paid: toMoney(sums.paidMinor, currency),
        balanceUsed: toMoney(sums.balanceUsedMinor, currency),
        writtenOff: toMoney(sums.writtenOffMinor, currency),
        open: toMoney(sums.openMinor, currency),
        carried: toMoney(sums.carriedMinor, currency),
        agrees: sums.leftMinor === sums.openMinor,
      })),
      next: toCursor(next),
    };
  }
}
