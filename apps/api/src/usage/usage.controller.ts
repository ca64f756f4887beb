import { type ServiceContext, currentUsage, findUsageRequest, listUsageRequests, usageSeries } from '#services';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { toCurrentUsage, toUsageReceipt, toUsageRequest } from './to-usage.js';
import {
  currentUsageAnswer,
  usageReceipt,
  usageRequestList,
  usageRequestsQuery,
  usageSeriesAnswer,
  usageSeriesQuery,
} from './usage.schema.js';

@ApiTags('Usage')
@ForMembers('read')
@Controller('api/v1/organizations/:organizationId/usage')
export class UsageController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('current')
  @Answers(currentUsageAnswer, { summary: 'Usage, quotas and cost of the current periods so far' })
  async currentUsage(
    @Param('organizationId', { schema: id }) organizationId: string,
  ): Promise<z.input<typeof currentUsageAnswer>> {
    return toCurrentUsage(await currentUsage(this.context, { organizationId }));
  }

  @Get('series')
  @Answers(usageSeriesAnswer, { summary: 'Usage over time, for charts' })
  async usageSeries(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: usageSeriesQuery }) query: z.output<typeof usageSeriesQuery>,
  ): Promise<z.input<typeof usageSeriesAnswer>> {
    return { buckets: await usageSeries(this.context, { organizationId, ...query }) };
  }

  @Get('requests')
  @Answers(usageRequestList, { summary: 'The request log, newest first; a stream is one entry' })
  async listUsageRequests(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: usageRequestsQuery }) query: z.output<typeof usageRequestsQuery>,
  ): Promise<z.input<typeof usageRequestList>> {
    const { requests, next } = await listUsageRequests(this.context, { organizationId, ...query });
    return { requests: requests.map(toUsageRequest), next };
  }

  @Get('requests/:requestId')
  @Answers(usageReceipt, { summary: 'The receipt of one request, with its final total' })
  async findUsageRequest(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('requestId', { schema: id }) requestId: string,
  ): Promise<z.input<typeof usageReceipt>> {
    return toUsageReceipt(await findUsageRequest(this.context, { organizationId, requestId }));
  }
}
