import type { Organization } from '#domain';
import { type ServiceContext, createOwnOrganization, findOrganization, renameOrganization } from '#services';
import { Body, Controller, Get, Headers, Inject, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ForMembers, ForUsers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { IfMatch, seenBy, withEtag } from '../contract/entity-tag.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { organization, organizationRequest } from './organization.schema.js';

@ApiTags('Organization')
@Controller('api/v1/organizations')
export class OrganizationController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Post()
  @ForUsers()
  @Answers(organization, { summary: 'Create another organization of one’s own', status: 201 })
  async createOrganization(
    @Body({ schema: organizationRequest }) { name }: z.output<typeof organizationRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof organization>> {
    return createOwnOrganization(this.context, { name, userId, actor });
  }

  @Get(':organizationId')
  @ForMembers('read')
  @Answers(organization, { summary: 'An organization', description: 'Its ETag is for renaming it.' })
  async findOrganization(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof organization>> {
    const found = await findOrganization(this.context, organizationId);
    return withEtag(reply, found, changeable(found));
  }

  @Patch(':organizationId')
  @ForMembers('manage_organization')
  @IfMatch()
  @Answers(organization, {
    summary: 'Rename an organization',
    description: 'Invoices keep the name that they carry. 412 when somebody else has renamed it, 428 without If-Match.',
  })
  async renameOrganization(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: organizationRequest }) { name }: z.output<typeof organizationRequest>,
    @CurrentCaller() { actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof organization>> {
    const check = seenBy(ifMatch, changeable);
    const renamed = await renameOrganization(this.context, { organizationId, name, check, actor });
    return withEtag(reply, renamed, changeable(renamed));
  }
}

function changeable({ name }: Organization): unknown {
  return { name };
}
