import { dunningPolicyOf } from '#config';
import { type ServiceContext, dunningOf } from '#services';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { unpaidInvoices } from './dunning.schema.js';
import { owedOf, toUnpaidInvoice } from './to-dunning.js';

@ApiTags('Invoices')
@ForMembers('read')
@Controller('api/v1/organizations/:organizationId')
export class DunningController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get('unpaid-invoices')
  @Answers(unpaidInvoices, {
    summary: 'Invoices that are past due, and when calls are refused for them',
    description: 'Calls pass again within seconds once they are paid, with the same keys.',
  })
  async listUnpaidInvoices(
    @Param('organizationId', { schema: id }) organizationId: string,
  ): Promise<z.input<typeof unpaidInvoices>> {
    const found = await dunningOf(this.context, dunningPolicyOf(this.settings), organizationId);
    const invoices = found.map(toUnpaidInvoice);
    return { isSuspended: invoices.some(({ isSuspended }) => isSuspended), owed: owedOf(found), invoices };
  }
}
