import { InvalidError } from '#domain';
import { type ServiceContext, reportUsage } from '#services';
import { Body, Controller, Inject, Post, type RawBodyRequest, Req } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ForIngestTokens } from '../access/access.js';
import { CurrentReporter, type Reporter } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { reportOutcome, usageReport } from './usage-report.schema.js';

const MAX_EVENTS = 1_000;

@ApiTags('Usage')
@ForIngestTokens()
@Controller('api/v1/usage-reports')
export class UsageReportController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Post()
  @ApiConsumes('application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json')
  @Answers(reportOutcome, {
    summary: 'Report usage that no gateway has seen',
    description:
      'Takes a CloudEvent 1.0 (`application/cloudevents+json`) or up to 1,000 of them (`application/cloudevents-batch+json`; both also as `application/json`). All are counted or none; each once by its `source` and `id`, so a report whose answer was lost is sent again.',
  })
  async report(
    @Req() request: RawBodyRequest<FastifyRequest>,
    @Body({ schema: usageReport }) _body: unknown,
    @CurrentReporter() { id, publisherTeamId }: Reporter,
  ): Promise<z.input<typeof reportOutcome>> {
    const events = parseReport(request.rawBody ?? Buffer.alloc(0));
    return reportUsage(this.context, { publisherTeamId, ingestTokenId: id, events });
  }
}

function parseReport(body: Buffer): readonly unknown[] {
  let report: unknown;
  try {
    report = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new InvalidError('malformed_request', 'The body is no JSON.', { cause: error });
  }
  const events = Array.isArray(report) ? report : [report];
  if (events.length > 0 && events.length <= MAX_EVENTS) return events;
  throw new InvalidError('usage_report_size', `A report has 1 to ${MAX_EVENTS} events; this has ${events.length}.`);
}
