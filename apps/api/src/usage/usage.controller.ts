import {
  type ServiceContext,
  currentUsage,
  findUsageRequest,
  listUsageRequests,
  refusedCalls,
  usageBreakdown,
  usageBreakdownTable,
  usageRequestTable,
  usageSeries,
  usedOperations,
  writeTable,
} from '#services';
import { Controller, Get, Inject, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { Answers, AnswersWith } from '../contract/answers.decorator.js';
import { placeText } from '../contract/page.schema.js';
import { readPage } from '../contract/read-page.js';
import { id } from '../contract/value.schema.js';
import { csvFile, exportTypes } from '../invoice/invoice-file.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { refusedCallsAnswer, refusedCallsQuery } from './refused-calls.schema.js';
import { toCurrentUsage, toUsageReceipt, toUsageRequest } from './to-usage.js';
import {
  currentUsageAnswer,
  usageBreakdownAnswer,
  usageBreakdownQuery,
  usageReceipt,
  usageRequestList,
  usageRequestsFileQuery,
  usageRequestsQuery,
  usageSeriesAnswer,
  usageSeriesQuery,
  usedOperationsAnswer,
  usedOperationsQuery,
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

  @Get('breakdown')
  @Answers(usageBreakdownAnswer, {
    summary: 'Usage over time by product, operation, application, key or class of status',
  })
  usageBreakdown(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: usageBreakdownQuery }) query: z.output<typeof usageBreakdownQuery>,
  ): Promise<z.input<typeof usageBreakdownAnswer>> {
    return usageBreakdown(this.context, { organizationId, ...query });
  }

  @Get('breakdown.csv')
  @AnswersWith(exportTypes.csv, { summary: 'The same as CSV, a row for each span, group and meter' })
  async exportUsageBreakdown(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: usageBreakdownQuery }) query: z.output<typeof usageBreakdownQuery>,
  ): Promise<StreamableFile> {
    const table = await usageBreakdownTable(this.context, { organizationId, ...query });
    return csvFile(writeTable(table, 'csv', this.context.clock.now()), 'usage');
  }

  @Get('operations')
  @Answers(usedOperationsAnswer, { summary: 'The operations that were called, those with the most calls first' })
  async usedOperations(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: usedOperationsQuery }) { from, to, limit, after }: z.output<typeof usedOperationsQuery>,
  ): Promise<z.input<typeof usedOperationsAnswer>> {
    const { rows, last } = await readPage(limit, (most) =>
      usedOperations(this.context, { organizationId, from, to }, { after, limit: most }),
    );
    return {
      operations: rows,
      next: last && placeText(last.eventCount, last.apiVersion.id, last.operation),
    };
  }

  @Get('refused')
  @Answers(refusedCallsAnswer, {
    summary: 'Why calls were refused',
    description:
      'Calls that the gateway refused cost nothing, and are in no usage and no request log. Gateways tell of them every ten seconds or so.',
  })
  refusedCalls(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: refusedCallsQuery }) query: z.output<typeof refusedCallsQuery>,
  ): Promise<z.input<typeof refusedCallsAnswer>> {
    return refusedCalls(this.context, { organizationId, ...query });
  }

  @Get('requests.csv')
  @AnswersWith(exportTypes.csv, {
    summary: 'The request log as CSV, newest first',
    description: 'Streamed. A file has at most `limit` requests; the next one begins `before` the last id of it.',
  })
  exportUsageRequests(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: usageRequestsFileQuery }) query: z.output<typeof usageRequestsFileQuery>,
  ): StreamableFile {
    const table = usageRequestTable(this.context, { organizationId, ...query });
    return csvFile(writeTable(table, 'csv', this.context.clock.now()), 'requests');
  }

  @Get('requests')
  @Answers(usageRequestList, {
    summary: 'The request log, newest first; a stream is one entry',
    description:
      'Status, operation, outcome and billability are looked for in the requests of the last 90 days, a bounded number at a ' +
      'time: a page may be short, or empty, and yet have a next one.',
  })
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
