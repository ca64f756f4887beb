import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from '#observability';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';

/** What the transport reads of a request; nothing else, so that no key gets further. */
const READ_FIELDS = ['accept', 'content-type', 'mcp-protocol-version'];
/** Longer than any tool takes. */
const DEADLINE_MS = 58_000;

/**
 * Answers one HTTP request with the messages in `body` by a server of its own: Streamable HTTP without sessions and without
 * streams. Whatever happens, nothing of it is left.
 */
export async function answerMessages(
  server: Server,
  {
    headers,
    body,
    signal,
  }: { readonly headers: IncomingHttpHeaders; readonly body: unknown; readonly signal: AbortSignal },
  logger: Logger,
): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  transport.onerror = (error) => logger.debug({ err: error }, 'an MCP message was not as expected');
  // The SDK's declarations were made without exactOptionalPropertyTypes.
  await server.connect(transport as Parameters<Server['connect']>[0]);
  const fields = READ_FIELDS.flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const request = new Request('http://mcp.invalid/mcp', { method: 'POST', headers: fields });
  const end = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  try {
    // A message that another one cancels has no answer, and the transport would wait for it for ever.
    return await Promise.race([transport.handleRequest(request, { parsedBody: body ?? '' }), unanswered(end)]);
  } finally {
    await server.close();
  }
}

function unanswered(end: AbortSignal): Promise<Response> {
  return new Promise((resolve) => {
    const answer = () =>
      resolve(
        Response.json(
          { jsonrpc: '2.0', error: { code: -32001, message: 'No answer in time.' }, id: null },
          { status: 504 },
        ),
      );
    if (end.aborted) answer();
    else end.addEventListener('abort', answer, { once: true });
  });
}
