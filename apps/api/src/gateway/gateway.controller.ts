import { type ServiceContext, listGateways } from '#services';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { readPage } from '../contract/read-page.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { gatewayList, gatewayQuery } from './gateway.schema.js';

@ApiTags('Operation')
@ForStaff('operator')
@Controller('api/v1/operator/gateways')
export class GatewayController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(gatewayList, { summary: 'The gateways and how far their usage is in the ledger' })
  async listGateways(
    @Query({ schema: gatewayQuery }) { limit, after }: z.output<typeof gatewayQuery>,
  ): Promise<z.input<typeof gatewayList>> {
    const { rows, last } = await readPage(limit, (most) => listGateways(this.context, { after, limit: most }));
    return { gateways: rows, next: last && last.id };
  }
}
