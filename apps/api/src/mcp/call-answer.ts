import type { IncomingHttpHeaders } from 'node:http';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { cleanText, cleanTree } from './clean-text.js';
import type { GatewayAnswer } from '../gateway-call/gateway-client.js';

/** Fields that say what the call cost, what is left, and where to go on. */
const SHOWN_FIELDS = [
  'content-type',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'usage',
  'tollgate-request-id',
  'location',
  'link',
  'etag',
  'deprecation',
  'sunset',
  'idempotency-replayed',
];
const MAX_FIELD_LENGTH = 500;

/** What an agent is told of the gateway's answer; refusals and failures are errors with what to do about them. */
export function toCallResult(answer: GatewayAnswer): CallToolResult {
  const { status } = answer;
  const isCutShort = answer.cut !== null;
  const headers = shownFields(answer.headers);
  const type = (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  const body = readBody(answer, type);
  const advice = status >= 400 ? adviceOn(status, headers, body.data) : null;
  const lines = [
    `HTTP ${status}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(isCutShort ? ['(Only the first 256 KiB of the body are shown.)'] : []),
    ...(advice === null ? [] : ['', advice]),
    '',
    body.text,
  ];
  return {
    isError: status >= 400,
    content: [{ type: 'text', text: lines.join('\n') }],
    structuredContent: {
      status,
      headers,
      ...(body.data !== undefined && { body: body.data }),
      ...(isCutShort && { isCutShort }),
      ...(advice !== null && { advice }),
    },
  };
}

function shownFields(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    SHOWN_FIELDS.flatMap((name): [string, string][] => {
      const value = headers[name];
      return value === undefined ? [] : [[name, cleanText([value].flat().join(', '), MAX_FIELD_LENGTH)]];
    }),
  );
}

interface ShownBody {
  readonly text: string;
  /** Parsed JSON, or the text; undefined for what is not shown. */
  readonly data?: unknown;
}

function readBody({ body, headers, cut }: GatewayAnswer, type: string): ShownBody {
  if (body.length === 0) return { text: '(No body.)' };
  const coding = headers['content-encoding'];
  const isText = /^(text\/|application\/(.*\+)?(json|xml|yaml|x-ndjson|problem|x-www-form-urlencoded)\b)/.test(type);
  if (!isText || (coding !== undefined && coding !== 'identity')) {
    return {
      text: `(${cut === null ? '' : 'More than '}${body.length} bytes of ${type || 'an unknown type'}, not shown.)`,
    };
  }
  const text = cleanText(body.toString('utf8'), body.length);
  if (/\bjson$/.test(type) && cut === null) {
    try {
      return {
        text,
        data: cleanTree(JSON.parse(body.toString('utf8')), { maxText: body.length, maxItems: 100_000, maxDepth: 60 }),
      };
    } catch {
      // Not what its type says: shown as it came.
    }
  }
  return { text, data: text };
}

/** What to do about a refusal. Codes are the gateway's own, and an upstream may send others. */
function adviceOn(status: number, headers: Readonly<Record<string, string>>, body: unknown): string {
  const problem = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const detail = typeof problem['detail'] === 'string' ? ` ${problem['detail']}` : '';
  const wait = headers['retry-after'] === undefined ? '' : ` Not before ${headers['retry-after']} seconds from now.`;
  const link = [problem['action_url'], problem['upgrade_url']].find((url) => typeof url === 'string');
  const where = link === undefined ? '' : ` See ${link}.`;
  switch (status) {
    case 401:
      return `The key was not accepted.${detail} Ask the person you work for to check it; do not try others.`;
    case 402:
      return `The subscription is not paid, or its money is used up.${detail}${where} Only the person you work for can mend that; do not repeat the call.`;
    case 403:
      return `Not allowed with this key.${detail}${where} Another plan or another key may be needed: ask the person you work for.`;
    case 429:
      return `A limit of the plan is reached.${detail}${wait}${where} A call that is refused costs nothing.`;
    default:
      if (status >= 500)
        return `The API failed; failures are not billed.${detail}${wait} Repeat only what is safe to repeat.`;
      return `The API refused the request.${detail} Check it against get_operation.`;
  }
}
