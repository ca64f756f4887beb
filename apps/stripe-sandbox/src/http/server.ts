import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { notice, type PageAnswer } from '../pages/html.js';
import { hostedPage } from '../pages/hosted-pages.js';
import type { Sandbox } from '../sandbox.js';
import { Api, type ApiAnswer, type ApiRequest } from './api.js';
import { isLoopback } from './loopback.js';

const maximumBodyBytes = 1_048_576;
/** Long enough that a client which was busy for a while does not send on a connection that ends in this moment. */
const keepAliveTimeoutMs = 60_000;

/** The HTTP server. `sandbox` may still be opening its state: requests wait for it. */
export function createSandboxServer(
  sandbox: Promise<Sandbox>,
  containerName?: string,
  onAnswer?: (request: ApiRequest, answer: ApiAnswer) => void,
): Server {
  const api = sandbox.then((ready) => new Api(ready));
  // The caller of `sandbox` reports a failure to open; without this the process would end with a second report.
  api.catch(() => undefined);
  return createServer({ keepAliveTimeout: keepAliveTimeoutMs }, (request, response) => {
    if (!isMeantForUs(request, containerName)) {
      write(response, notice(403, 'Wrong host', 'The sandbox answers only under the names of this machine.'));
      return;
    }
    respond(sandbox, api, request, response, onAnswer).catch((error: unknown) => {
      console.error('stripe-sandbox: unexpected error:', error);
      if (response.headersSent) response.destroy();
      else write(response, notice(500, 'The sandbox failed', 'Its log says why.'));
    });
  });
}

/** A page elsewhere may have its name resolve to this machine; it would send that name as `Host`. */
function isMeantForUs(request: IncomingMessage, containerName: string | undefined): boolean {
  const host = URL.parse(`http://${request.headers.host ?? ''}`)?.hostname ?? '';
  return isLoopback(host) || host === containerName;
}

/** A browser says so of a form that another site submits. */
function isFromElsewhere(request: IncomingMessage): boolean {
  const site = request.headers['sec-fetch-site'];
  return request.method !== 'GET' && site !== undefined && site !== 'same-origin' && site !== 'none';
}

async function respond(
  ready: Promise<Sandbox>,
  api: Promise<Api>,
  request: IncomingMessage,
  response: ServerResponse,
  onAnswer?: (request: ApiRequest, answer: ApiAnswer) => void,
): Promise<void> {
  const body = await bodyOf(request);
  if (body === undefined) {
    write(response, notice(413, 'Too large', `A request can have at most ${maximumBodyBytes} bytes.`));
    return;
  }
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const method = request.method ?? 'GET';
  const sandbox = await ready;
  if (path.startsWith('/control') && isFromElsewhere(request)) {
    write(response, notice(403, 'Not from here', 'The controls take no orders from other pages.'));
    return;
  }
  const page = await hostedPage(sandbox, { method, path, query, body });
  if (page !== undefined) {
    write(response, page);
    return;
  }
  const asked = { method, path, query, body, headers: request.headers };
  const answer = await (await api).answer(asked);
  onAnswer?.(asked, answer);
  if (answer.isLost) response.destroy();
  else write(response, answer);
}

/** The body as text, or undefined when it is too large. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= maximumBodyBytes) chunks.push(chunk);
  }
  return length > maximumBodyBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}

function write(response: ServerResponse, answer: PageAnswer | ApiAnswer): void {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
  response.end(answer.body);
}
