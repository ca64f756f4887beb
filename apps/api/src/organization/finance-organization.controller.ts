import { type ServiceContext, findListedOrganization, listOrganizations } from '#services';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { readPage } from '../contract/read-page.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import {
  financeOrganization,
  financeOrganizationList,
  financeOrganizationQuery,
} from './finance-organization.schema.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance/organizations')
export class FinanceOrganizationController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(financeOrganizationList, { summary: 'All organizations, in the order of their slugs' })
  async listAllOrganizations(
    @Query({ schema: financeOrganizationQuery })
    { limit, after, search }: z.output<typeof financeOrganizationQuery>,
  ): Promise<z.input<typeof financeOrganizationList>> {
    const { rows, last } = await readPage(limit, (most) =>
      listOrganizations(this.context, { search, after, limit: most }),
    );
    return { organizations: rows, next: last && last.slug };
  }

  @Get(':organizationId')
  @Answers(financeOrganization, { summary: 'One organization: who pays, and how' })
  findAnyOrganization(
    @Param('organizationId', { schema: id }) organizationId: string,
  ): Promise<z.input<typeof financeOrganization>> {
    return findListedOrganization(this.context, organizationId);
  }
}
