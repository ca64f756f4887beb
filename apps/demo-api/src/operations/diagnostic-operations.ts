import { STATUS_CODES } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type ApiAnswer, ok } from '../http/api-answer.js';
import { ApiProblem } from '../http/api-problem.js';
import type { ApiRequest, ApiRoute } from '../http/api-route.js';
import { invalid, readInteger } from '../http/parameters.js';

const MAX_ECHO_BYTES = 1024 * 1024;
const MAX_DELAY_MS = 30_000;
/** RFC 9110: these answers have no content. */
const STATUSES_WITHOUT_CONTENT = new Set([204, 205, 304]);

/** Operations to try out clients, gateways and their limits with. */
export function diagnosticOperations(): ApiRoute[] {
  return [
    { operationId: 'echo', method: 'POST', template: '/echo', handle: echo },
    {
      operationId: 'answerSlowly',
      method: 'GET',
      template: '/slow',
      handle: async ({ query, signal }) => {
        const ms = readInteger(query, 'ms', { min: 0, max: MAX_DELAY_MS, fallback: 1_000 });
        await delay(ms, undefined, { signal });
        return ok({ waitedMs: ms });
      },
    },
    {
      operationId: 'answerWithStatus',
      method: 'GET',
      template: '/status/{code}',
      handle: ({ path }) => answerWithStatus(path.code ?? ''),
    },
  ];
}

async function echo({ headers, body }: ApiRequest): Promise<ApiAnswer> {
  const mediaType = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType !== 'application/json' && !mediaType.endsWith('+json')) {
    throw new ApiProblem(415, 'unsupported_media_type', 'Send JSON with "Content-Type: application/json".');
  }
  const content = await readBody(body);
  try {
    JSON.parse(content.toString('utf8'));
  } catch {
    throw new ApiProblem(400, 'malformed_json', 'The body is not JSON. Check quotes, commas and brackets.');
  }
  return { kind: 'bytes', status: 200, body: content, headers: { 'Content-Type': 'application/json' } };
}

async function readBody(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > MAX_ECHO_BYTES) {
      throw new ApiProblem(413, 'body_too_large', `The body is larger than ${MAX_ECHO_BYTES} bytes. Send less.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answerWithStatus(code: string): ApiAnswer {
  const status = /^[2-5]\d\d$/.test(code) ? Number(code) : Number.NaN;
  if (Number.isNaN(status)) throw invalid('code', 'must be a status from 200 to 599');
  if (STATUSES_WITHOUT_CONTENT.has(status)) return { kind: 'empty', status };
  if (status >= 400) throw new ApiProblem(status, 'status_requested', `You asked for the status ${status}.`);
  return { kind: 'json', status, body: { status, title: STATUS_CODES[status] ?? 'Unknown status' } };
}
