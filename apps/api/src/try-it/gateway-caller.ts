import { TollgateError } from '#domain';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Agent, type Dispatcher, request } from 'undici';
import { type ApiSettings, SETTINGS } from '../tokens.js';
import type { CallHeader } from './call-headers.js';

/** What is shown of an answer's body at most. */
export const MAX_SHOWN_BYTES = 262_144;
const TIMEOUT_MS = 20_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** A call of the gateway. */
export interface GatewayCall {
  readonly method: Dispatcher.HttpMethod;
  /** In its canonical form, with the base path. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs?: number;
}

/** What came back of it. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: readonly CallHeader[];
  /** Null when it is no text. */
  readonly text: string | null;
  /** That were read. */
  readonly bytes: number;
  /** Why the rest of the body was not read; null when all was. */
  readonly cut: 'size' | 'time' | 'broken' | null;
  readonly durationMs: number;
}

/** The gateway did not answer at all. */
export class GatewayUnavailableError extends TollgateError {
  override readonly kind = 'unavailable';
}

/**
 * Calls the gateway of this installation and nothing else: the address is a setting, redirects are answers like any other.
 * An answer takes 20 s and 256 KiB at most; what came until then is shown.
 */
@Injectable()
export class GatewayCaller implements OnModuleDestroy {
  private readonly agent = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS }, keepAliveTimeout: 1_000 });

  constructor(@Inject(SETTINGS) private readonly settings: Pick<ApiSettings, 'GATEWAY_URL' | 'GATEWAY_INTERNAL_URL'>) {}

  async onModuleDestroy(): Promise<void> {
    await this.agent.destroy();
  }

  /** @throws GatewayUnavailableError `gateway_unreachable`, `gateway_timeout` */
  async call({ method, path, headers, body, timeoutMs = TIMEOUT_MS }: GatewayCall): Promise<GatewayAnswer> {
    const { origin } = new URL(this.settings.GATEWAY_INTERNAL_URL ?? this.settings.GATEWAY_URL);
    const startedMs = performance.now();
    const deadline = AbortSignal.timeout(timeoutMs);
    const options = { method, headers, body, dispatcher: this.agent, signal: deadline };
    const response = await request(origin + path, options).catch((error: unknown) => {
      throw deadline.aborted ? timedOut(timeoutMs) : unreachable(error);
    });
    const { chunks, cut } = await readBounded(response.body, deadline);
    const read = Buffer.concat(chunks);
    return {
      status: response.statusCode,
      headers: fieldsOf(response.headers),
      text: textOf(read, cut !== null),
      bytes: read.length,
      cut,
      durationMs: Math.round(performance.now() - startedMs),
    };
  }
}

async function readBounded(
  body: Dispatcher.ResponseData['body'],
  deadline: AbortSignal,
): Promise<{ readonly chunks: Buffer[]; readonly cut: GatewayAnswer['cut'] }> {
  const chunks: Buffer[] = [];
  let room = MAX_SHOWN_BYTES;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, room));
      room -= chunk.length;
      // Leaving the loop ends the connection.
      if (room < 0) return { chunks, cut: 'size' };
    }
    return { chunks, cut: null };
  } catch {
    return { chunks, cut: deadline.aborted ? 'time' : 'broken' };
  }
}

/** UTF-8, or null; of what was cut without the character that the cut went through. */
function textOf(bytes: Buffer, isCut: boolean): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return null;
  }
}

function fieldsOf(headers: Dispatcher.ResponseData['headers']): CallHeader[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): CallHeader => ({ name, value: one })),
  );
}

function timedOut(timeoutMs: number): GatewayUnavailableError {
  return new GatewayUnavailableError(
    'gateway_timeout',
    `No answer within ${timeoutMs / 1000} s. Make the call from a terminal to wait longer.`,
  );
}

function unreachable(cause: unknown): GatewayUnavailableError {
  return new GatewayUnavailableError(
    'gateway_unreachable',
    'The gateway cannot be reached from the portal. Whoever runs it finds GATEWAY_INTERNAL_URL among the settings.',
    { cause },
  );
}
