import { type ServiceContext, readCredits } from '#services';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { creditStatement } from './credit.schema.js';
import { toCreditStatement } from './to-credits.js';

@ApiTags('Credits')
@ForMembers('read')
@Controller('api/v1/organizations/:organizationId')
export class CreditController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('credits')
  @Answers(creditStatement, {
    summary: 'The prepaid credits of the organization, what became of them, and how long they will do',
    description: 'They pay for usage when a period is invoiced.',
  })
  async readCredits(
    @Param('organizationId', { schema: id }) organizationId: string,
  ): Promise<z.input<typeof creditStatement>> {
    return toCreditStatement(await readCredits(this.context, organizationId));
  }
}
