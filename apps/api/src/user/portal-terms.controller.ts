import { type ServiceContext, acceptPortalTerms } from '#services';
import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForUsers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { portalTermsOf } from '../access/portal-terms.js';
import { AnswersNothing } from '../contract/answers.decorator.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { acceptPortalTermsRequest } from './user.schema.js';

@ApiTags('User')
@ForUsers()
@Controller('api/v1/user/terms')
export class PortalTermsController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Post()
  @AnswersNothing({ summary: 'Accept the terms of the portal', description: 'Once for each version.' })
  async acceptPortalTerms(
    @Body({ schema: acceptPortalTermsRequest }) { version }: z.output<typeof acceptPortalTermsRequest>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<void> {
    await acceptPortalTerms(this.context, { userId, terms: portalTermsOf(this.settings), version });
  }
}
