import { type ServiceContext, addIdentity, listIdentities, removeIdentity } from '#services';
import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { readPage } from '../contract/read-page.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { addIdentityRequest, identity, identityList, identityQuery } from './identity.schema.js';

@ApiTags('Identities')
@ForStaff('operator')
@Controller('api/v1/operator/identities')
export class IdentityController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(identityList, { summary: 'Names that applications have elsewhere: in tokens and in client certificates' })
  async listIdentities(
    @Query({ schema: identityQuery }) { applicationId, limit, after }: z.output<typeof identityQuery>,
  ): Promise<z.input<typeof identityList>> {
    const { rows, last } = await readPage(limit, (most) =>
      listIdentities(this.context, applicationId ?? null, { after, limit: most }),
    );
    return { identities: rows, next: last && last.id };
  }

  @Post()
  @Answers(identity, {
    summary: 'Let a name stand for an application',
    description: 'The gateways know it within a second.',
    status: 201,
  })
  async addIdentity(
    @Body({ schema: addIdentityRequest }) request: z.output<typeof addIdentityRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof identity>> {
    return addIdentity(this.context, { ...request, issuer: request.issuer ?? null, actor });
  }

  @Delete(':identityId')
  @Answers(identity, { summary: 'Take a name away', description: 'The gateways refuse it within a second.' })
  async removeIdentity(
    @Param('identityId', { schema: id }) identityId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof identity>> {
    return removeIdentity(this.context, { identityId, actor });
  }
}
