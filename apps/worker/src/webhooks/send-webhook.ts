import { OutboundAddressError, dnsLookup, guardedConnector } from '#outbound';
import type { WebhookAnswer, WebhookRequest } from '#services';
import { Agent, type Dispatcher, request } from 'undici';

const TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 10_000;
const DNS_TIMEOUT_MS = 5_000;
/** Read of an answer at most, and kept of it. */
const MAX_READ_BYTES = 4_096;
const EXCERPT_LENGTH = 1_000;

/** Sends messages to where organizations say. */
export interface WebhookSender {
  /** One POST; resolves within 15 s, whatever the receiver does. */
  readonly send: (message: WebhookRequest) => Promise<WebhookAnswer>;
  readonly close: () => Promise<void>;
}

/**
 * A sender that reaches only addresses that `guardedConnector` allows, follows no redirect, and keeps no connection for the
 * next message, so that each is checked anew.
 */
export function createWebhookSender(
  allowsPrivate: boolean,
  { connect = connectorFor(allowsPrivate), timeoutMs = TIMEOUT_MS } = {},
): WebhookSender {
  const dispatcher = new Agent({ connect, pipelining: 0, allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
  return {
    async send(message) {
      const startedAt = performance.now();
      const answer = await exchange(dispatcher, message, AbortSignal.timeout(timeoutMs));
      return { ...answer, durationMs: Math.round(performance.now() - startedAt) };
    },
    close: () => dispatcher.destroy(),
  };
}

/** On the internet names are asked for at name servers: the system's look-up could be held by one that never answers. */
function connectorFor(allowsPrivate: boolean): ReturnType<typeof guardedConnector> {
  const options = { timeout: CONNECT_TIMEOUT_MS, allowH2: false };
  if (allowsPrivate) return guardedConnector(options, allowsPrivate);
  return guardedConnector(options, allowsPrivate, dnsLookup({ timeoutMs: DNS_TIMEOUT_MS }));
}

type Exchanged = Omit<WebhookAnswer, 'durationMs'>;

async function exchange(
  dispatcher: Dispatcher,
  { url, headers, body }: WebhookRequest,
  signal: AbortSignal,
): Promise<Exchanged> {
  try {
    const answer = await request(url, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Tollgate-Webhooks/1', ...headers },
      body,
      signal,
    });
    const status = answer.statusCode;
    const excerpt = await readExcerpt(answer.body);
    return { outcome: outcomeOf(status), status, excerpt };
  } catch (error) {
    return { ...failureOf(error, signal), status: null };
  }
}

function outcomeOf(status: number): WebhookAnswer['outcome'] {
  if (status >= 200 && status < 300) return 'delivered';
  return status >= 300 && status < 400 ? 'redirected' : 'refused';
}

/** How the body begins, as text that does nothing wherever it is shown. What is not read in time or room is left. */
async function readExcerpt(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length >= MAX_READ_BYTES) break;
    }
  } catch {
    // The status says what became of the message.
  }
  body.on('error', () => {}).destroy();
  return inert(Buffer.concat(chunks).subarray(0, MAX_READ_BYTES).toString('utf8'));
}

function failureOf(error: unknown, signal: AbortSignal): Pick<Exchanged, 'outcome' | 'excerpt'> {
  if (signal.aborted) return { outcome: 'timed_out', excerpt: 'No answer in time.' };
  if (error instanceof OutboundAddressError) return { outcome: 'address_refused', excerpt: inert(error.message) };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isTimeout = code === 'UND_ERR_CONNECT_TIMEOUT';
  const text = error instanceof Error ? error.message || code : String(error);
  return { outcome: isTimeout ? 'timed_out' : 'unreachable', excerpt: inert(text) };
}

/** Without control characters but line breaks and tabs, and without half characters; bounded. */
function inert(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{C}\n\t]/gu, '\uFFFD')
    .slice(0, EXCERPT_LENGTH)
    .toWellFormed();
}
