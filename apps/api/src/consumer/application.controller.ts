import {
  type ServiceContext,
  createApplication,
  deleteApplication,
  findApplicationOverview,
  listApplications,
  renameApplication,
} from '#services';
import { Body, Controller, Delete, Get, Headers, Inject, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { IfMatch, seenBy, withEtag } from '../contract/entity-tag.js';
import { pageQuery } from '../contract/page.schema.js';
import { readPage } from '../contract/read-page.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import {
  application,
  applicationList,
  createApplicationRequest,
  renameApplicationRequest,
} from './application.schema.js';

@ApiTags('Applications')
@Controller('api/v1/organizations/:organizationId/applications')
export class ApplicationController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @ForMembers('read')
  @Answers(applicationList, { summary: 'The applications of an organization, the newest first' })
  async listApplications(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: pageQuery }) { limit, before }: z.output<typeof pageQuery>,
  ): Promise<z.input<typeof applicationList>> {
    const { rows, last } = await readPage(limit, (most) =>
      listApplications(this.context, organizationId, { after: before, limit: most }),
    );
    return { applications: rows, next: last && last.id };
  }

  @Post()
  @ForMembers('manage_applications')
  @Answers(application, { summary: 'Create an application', status: 201 })
  async createApplication(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: createApplicationRequest }) { name }: z.output<typeof createApplicationRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof application>> {
    const created = await createApplication(this.context, { organizationId, name, actor });
    return { ...created, credentialCount: 0, subscriptions: [] };
  }

  @Get(':applicationId')
  @ForMembers('read')
  @Answers(application, { summary: 'One application', description: 'Its ETag is for renaming it.' })
  async findApplication(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('applicationId', { schema: id }) applicationId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof application>> {
    const found = await findApplicationOverview(this.context, { organizationId, applicationId });
    return withEtag(reply, found, changeable(found));
  }

  @Patch(':applicationId')
  @ForMembers('manage_applications')
  @IfMatch()
  @Answers(application, {
    summary: 'Rename an application',
    description:
      'Its keys, subscriptions and usage stay its own. 412 when somebody else has renamed it, 428 without If-Match.',
  })
  async renameApplication(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('applicationId', { schema: id }) applicationId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: renameApplicationRequest }) { name }: z.output<typeof renameApplicationRequest>,
    @CurrentCaller() { actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof application>> {
    const check = seenBy(ifMatch, changeable);
    await renameApplication(this.context, { organizationId, applicationId, name, check, actor });
    const renamed = await findApplicationOverview(this.context, { organizationId, applicationId });
    return withEtag(reply, renamed, changeable(renamed));
  }

  @Delete(':applicationId')
  @ForMembers('manage_applications')
  @AnswersNothing({
    summary: 'Delete an application',
    description:
      'For good: its keys are refused within a second, and its name is free again. What it has called and paid stays. ' +
      'Not while it has a subscription, or waits for one.',
  })
  async deleteApplication(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('applicationId', { schema: id }) applicationId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<void> {
    await deleteApplication(this.context, { organizationId, applicationId, actor });
  }
}

function changeable({ name }: { readonly name: string }): unknown {
  return { name };
}
