import type { Logger } from '#observability';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { cleanText } from './clean-text.js';
import { type Tool, type ToolContext, refusalOf } from './tools/tool.js';

export interface McpServerParts {
  readonly portalName: string;
  readonly tools: readonly Tool[];
  readonly instructions: string;
  readonly context: ToolContext;
  readonly requestId: string;
  readonly logger: Logger;
}

const TOOLS_PER_PAGE = 60;
/** Made once, as it is costly; nothing here asks clients for values. */
const validator = new AjvJsonSchemaValidator();

/** A server for one request; it keeps nothing. */
export function createMcpServer({
  portalName,
  tools,
  instructions,
  context,
  requestId,
  logger,
}: McpServerParts): Server {
  const server = new Server(
    { name: 'tollgate', title: portalName, version: '1' },
    { capabilities: { tools: {} }, instructions, jsonSchemaValidator: validator },
  );
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    const start = Number(params?.cursor ?? 0);
    if (!Number.isInteger(start) || start < 0 || start > tools.length) {
      throw new McpError(ErrorCode.InvalidParams, 'This cursor is of no list here.');
    }
    const end = start + TOOLS_PER_PAGE;
    const listed = tools.slice(start, end).map(({ description }) => description);
    return { tools: listed, ...(end < tools.length && { nextCursor: String(end) }) };
  });
  server.setRequestHandler(CallToolRequestSchema, async ({ params }): Promise<CallToolResult> => {
    const tool = tools.find(({ description }) => description.name === params.name);
    if (!tool) throw new McpError(ErrorCode.InvalidParams, `There is no tool "${cleanText(params.name, 80)}".`);
    try {
      return await tool.call(params.arguments, context);
    } catch (error) {
      const refused = refusalOf(error);
      if (refused) return refused;
      logger.error({ err: error, requestId, tool: params.name }, 'an MCP tool failed');
      const words = `Something failed on our side. Report it with the request id ${requestId}.`;
      throw new McpError(ErrorCode.InternalError, words);
    }
  });
  return server;
}
