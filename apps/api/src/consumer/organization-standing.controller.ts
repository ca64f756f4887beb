import { type ServiceContext, listOrganizations, suspendOrganization } from '#services';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { readPage } from '../contract/read-page.js';
import { standing, standingRequest } from '../contract/standing.schema.js';
import { id } from '../contract/value.schema.js';
import { organizationList, organizationQuery } from '../organization/organization.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';

@ApiTags('Operation')
@ForStaff('operator')
@Controller('api/v1/operator/organizations')
export class OrganizationStandingController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(organizationList, { summary: 'All organizations, in the order of their slugs' })
  async listOrganizations(
    @Query({ schema: organizationQuery }) { limit, suspended, ...query }: z.output<typeof organizationQuery>,
  ): Promise<z.input<typeof organizationList>> {
    const { rows, last } = await readPage(limit, (most) =>
      listOrganizations(this.context, { ...query, isSuspended: suspended, limit: most }),
    );
    const organizations = rows.map(({ id: organizationId, slug, name, createdAt, suspendedAt }) => ({
      id: organizationId,
      slug,
      name,
      createdAt,
      suspendedAt,
    }));
    return { organizations, next: last && last.slug };
  }

  @Post(':organizationId/suspend')
  @Answers(standing, {
    summary: 'Suspend an organization',
    description:
      'The gateways refuse the calls of all its applications with 403 within a second, and end their open streams; keys ' +
      'and subscriptions stay.',
  })
  async suspendOrganization(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: standingRequest }) { reason }: z.output<typeof standingRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof standing>> {
    const changed = await suspendOrganization(this.context, { organizationId, isSuspended: true, reason, actor });
    return { suspended: true, changed };
  }

  @Post(':organizationId/restore')
  @Answers(standing, { summary: 'Let the calls of a suspended organization pass again' })
  async restoreOrganization(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: standingRequest }) { reason }: z.output<typeof standingRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof standing>> {
    const changed = await suspendOrganization(this.context, { organizationId, isSuspended: false, reason, actor });
    return { suspended: false, changed };
  }
}
