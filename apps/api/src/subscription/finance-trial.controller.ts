import { type ServiceContext, grantTrial } from '#services';
import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { AnswersNothing } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { trialGrantRequest } from './subscription.schema.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance/organizations/:organizationId/trials')
export class FinanceTrialController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Post()
  @AnswersNothing({
    summary: 'Give an organization a further trial of a product',
    description: 'For its next subscription to a plan with a trial. In the audit log with the reason.',
  })
  async grantTrial(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: trialGrantRequest }) request: z.output<typeof trialGrantRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await grantTrial(this.context, { organizationId, ...request, actor });
  }
}
