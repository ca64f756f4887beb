import { InvalidError } from '#domain';
import type { Logger } from '#observability';
import type { ServiceContext } from '#services';
import { Controller, HttpCode, Inject, Post, Req, Res, applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ForIngestTokens } from '../access/access.js';
import { CurrentReporter, type Reporter } from '../access/caller.js';
import { LOGGER, SERVICE_CONTEXT } from '../tokens.js';
import { PROTOBUF, encodingOf, writeOtlp } from './otlp-encoding.js';
import { OTLP_PREFIX } from './otlp-route.js';
import { type TelemetryOutcome, reportLogs, reportMetrics } from './report-telemetry.js';

const WHICH =
  'All that can be counted is, each once however often it is sent; the answer names what cannot (a partial success). Refusals are a google.rpc.Status; 429 and 503 mean that the same is to be sent again. See https://opentelemetry.io/docs/specs/otlp/.';

/**
 * OTLP/HTTP for usage that no gateway sees: the same as a report of CloudEvents, for systems that have OpenTelemetry. Its contract is that
 * protocol's, refusals included.
 */
@ApiTags('Usage')
@ForIngestTokens()
@Controller(OTLP_PREFIX)
export class TelemetryController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post('logs')
  @TakesOtlp('ExportLogsService', {
    summary: 'Report usage as log records of OpenTelemetry',
    description: `Each record is an event called \`tollgate.usage\`, known by its \`log.record.uid\`. ${WHICH}`,
  })
  async exportLogs(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @CurrentReporter() reporter: Reporter,
  ): Promise<void> {
    const { rejected, message } = await this.report(
      request,
      reporter,
      reportLogs(this.context, reporter, request.body),
    );
    const partial = rejected > 0 && { rejectedLogRecords: BigInt(rejected), errorMessage: message };
    await answer(request, reply, 'ExportLogsServiceResponse', partial);
  }

  @Post('metrics')
  @TakesOtlp('ExportMetricsService', {
    summary: 'Report usage as counters of OpenTelemetry',
    description: `Each metric is a counter with delta temporality called \`tollgate.usage.\` and the meter. ${WHICH}`,
  })
  async exportMetrics(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @CurrentReporter() reporter: Reporter,
  ): Promise<void> {
    const { rejected, message } = await this.report(
      request,
      reporter,
      reportMetrics(this.context, reporter, request.body),
    );
    const partial = rejected > 0 && { rejectedDataPoints: BigInt(rejected), errorMessage: message };
    await answer(request, reply, 'ExportMetricsServiceResponse', partial);
  }

  /** Exporters drop what is rejected, and not everybody reads their log. */
  private async report(
    request: FastifyRequest,
    { publisherTeamId }: Reporter,
    work: Promise<TelemetryOutcome>,
  ): Promise<TelemetryOutcome> {
    const tell = (reason: string) =>
      this.logger.warn({ requestId: request.id, publisherTeamId, reason }, 'telemetry was rejected');
    try {
      const outcome = await work;
      if (outcome.rejected > 0) tell(outcome.message);
      return outcome;
    } catch (error) {
      if (error instanceof InvalidError) tell(error.message);
      throw error;
    }
  }
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
  partialSuccess: object | false,
): Promise<void> {
  const encoding = encodingOf(request.headers['content-type']);
  await reply
    .status(200)
    .header('content-type', encoding)
    .send(writeOtlp(name, partialSuccess === false ? {} : { partialSuccess }, encoding));
}

/** The document names the binary form; the JSON form says the same, and OpenTelemetry describes both. */
function TakesOtlp(
  service: string,
  { summary, description }: { readonly summary: string; readonly description: string },
) {
  const schema = {
    type: 'string',
    format: 'binary',
    description: `${service}Request of OTLP 1.x, also as JSON (\`application/json\`), also with \`Content-Encoding: gzip\`.`,
  };
  const requestBody = { required: true, content: { [PROTOBUF]: { schema } } };
  const answer = { [PROTOBUF]: { schema: { type: 'string', format: 'binary' } } };
  return applyDecorators(
    HttpCode(200),
    ApiOperation({ summary, description, requestBody }),
    ApiProduces(PROTOBUF),
    ApiResponse({ status: 200, description: summary, content: answer }),
  );
}
