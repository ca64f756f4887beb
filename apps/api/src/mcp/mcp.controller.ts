import { networkOf } from '#domain';
import type { Logger } from '#observability';
import type { ServiceContext } from '#services';
import { Controller, Delete, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Public } from '../access/access.js';
import { slug } from '../contract/value.schema.js';
import { TooManyRequestsError } from '../problem/request-error.js';
import { RequestRate } from '../rate-limit/request-rate.js';
import { type ApiSettings, LOGGER, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { ApiKeyInvalidError, type McpCaller, findCaller } from './mcp-caller.js';
import { answerMessages } from './mcp-endpoint.js';
import { McpPortal, type Toolset } from './mcp-portal.js';
import { createMcpServer } from './mcp-server.js';

const version = z.object({ version: z.string().min(1).max(63).default('latest') });

/** From one network all keys and none together, so that nobody tries keys at leisure. */
const NETWORK_SHARE = 5;
const ABOUT_PAGE = '/agents';

/**
 * The Model Context Protocol over HTTP, for agents: the portal's own tools at /mcp, and those of one API at /mcp/API. Its contract is that
 * protocol's (modelcontextprotocol.io), so it is not in the OpenAPI document. Cookies count for nothing here.
 */
@Public()
@ApiExcludeController()
@Controller('mcp')
export class McpController {
  private readonly byCaller: RequestRate;
  private readonly byNetwork: RequestRate;

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
    @Inject(McpPortal) private readonly portal: McpPortal,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const perMinute = settings.MCP_RATE_LIMIT;
    this.byCaller = new RequestRate({ perMinute });
    this.byNetwork = new RequestRate({ perMinute: perMinute * NETWORK_SHARE });
  }

  @Post()
  answerPortal(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(request, reply, async () => this.portal.ofPortal());
  }

  @Post(':api')
  answerApi(
    @Param('api', { schema: slug }) api: string,
    @Query({ schema: version }) query: z.output<typeof version>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.answer(request, reply, () => this.portal.ofApi(api, query.version));
  }

  @Get()
  explainPortal(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return explain(request, reply);
  }

  @Get(':api')
  explainApi(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return explain(request, reply);
  }

  @Delete()
  endPortalSession(@Res() reply: FastifyReply): Promise<void> {
    return refuseMethod(reply);
  }

  @Delete(':api')
  endApiSession(@Res() reply: FastifyReply): Promise<void> {
    return refuseMethod(reply);
  }

  private async answer(request: FastifyRequest, reply: FastifyReply, findTools: () => Promise<Toolset>): Promise<void> {
    const caller = await this.admit(request, reply);
    const { tools, instructions } = await findTools();
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const server = createMcpServer({
      portalName: this.settings.PORTAL_NAME,
      tools,
      instructions,
      context: { caller, signal: gone.signal },
      requestId: request.id,
      logger: this.logger,
    });
    const { headers, body } = request;
    const response = await answerMessages(server, { headers, body, signal: gone.signal }, this.logger);
    await reply
      .status(response.status)
      .headers({ ...Object.fromEntries(response.headers), 'cache-control': 'no-store' })
      .send(response.status === 202 ? '' : await response.text());
  }

  /**
   * Who asks, when there is room for what they ask.
   * @throws TooManyRequestsError; ApiKeyInvalidError, with the field that says how to send a key
   */
  private async admit(request: FastifyRequest, reply: FastifyReply): Promise<McpCaller> {
    const nowMs = performance.now();
    const units = Array.isArray(request.body) ? Math.max(1, request.body.length) : 1;
    const ofNetwork = this.byNetwork.take(networkOf(request.ip), nowMs, units);
    if (ofNetwork.retryAfterSeconds > 0) throw new TooManyRequestsError(ofNetwork.retryAfterSeconds);
    try {
      const { headers, ip: address } = request;
      const caller = await findCaller(this.context, { headers, address }, this.settings.KEY_PEPPERS);
      const verdict = this.byCaller.take(caller.rateKey, nowMs, units);
      void reply.headers({
        'ratelimit-policy': `"mcp";q=${this.settings.MCP_RATE_LIMIT};w=60`,
        ratelimit: `"mcp";r=${verdict.remaining};t=${verdict.resetSeconds}`,
      });
      if (verdict.retryAfterSeconds > 0) throw new TooManyRequestsError(verdict.retryAfterSeconds);
      return caller;
    } catch (error) {
      if (error instanceof ApiKeyInvalidError) {
        void reply.header('www-authenticate', 'Bearer realm="tollgate", error="invalid_token"');
      }
      throw error;
    }
  }
}

/** People who open the address in a browser are told what it is; programs, that there is no stream to listen to. */
async function explain(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (!request.headers.accept?.includes('text/html')) return refuseMethod(reply);
  await reply.redirect(ABOUT_PAGE, 302);
}

async function refuseMethod(reply: FastifyReply): Promise<void> {
  const error = {
    code: -32000,
    message: 'Send messages with POST. There is no stream to listen to, and no session to end.',
  };
  await reply.status(405).header('allow', 'POST').send({ jsonrpc: '2.0', error, id: null });
}
