import { type ServiceContext, createApplication, findApplicationOverview, listApplications } from '#services';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { pageQuery } from '../contract/page.schema.js';
import { readPage } from '../contract/read-page.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { application, applicationList, createApplicationRequest } from './application.schema.js';

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
  @Answers(application, { summary: 'One application' })
  async findApplication(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('applicationId', { schema: id }) applicationId: string,
  ): Promise<z.input<typeof application>> {
    return findApplicationOverview(this.context, { organizationId, applicationId });
  }
}
