import { TollgateError } from '#domain';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type GatewayAnswer, GatewayClient, GatewayUnreachedError } from '../gateway-call/gateway-client.js';
import { type ApiSettings, SETTINGS } from '../tokens.js';
import type { CallHeader } from './call-headers.js';

const TIMEOUT_MS = 20_000;

/** A call of the gateway. */
export interface TriedCall {
  readonly method: string;
  /** In its canonical form, with the base path. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** 20 s, unless said. */
  readonly timeoutMs?: number;
}

/** What came back of it. */
export interface TriedAnswer {
  readonly status: number;
  readonly headers: readonly CallHeader[];
  /** Null when it is no text. */
  readonly text: string | null;
  /** That were read. */
  readonly bytes: number;
  /** Why the rest of the body was not read; null when all was. */
  readonly cut: GatewayAnswer['cut'];
  readonly durationMs: number;
}

/** The gateway did not answer at all. */
export class GatewayUnavailableError extends TollgateError {
  override readonly kind = 'unavailable';
}

/** Makes calls that people try out; what came of an answer within 20 s is shown. */
@Injectable()
export class GatewayCaller implements OnModuleDestroy {
  private readonly client: GatewayClient;

  constructor(@Inject(SETTINGS) settings: Pick<ApiSettings, 'GATEWAY_URL' | 'GATEWAY_INTERNAL_URL'>) {
    this.client = new GatewayClient(settings.GATEWAY_INTERNAL_URL ?? settings.GATEWAY_URL);
  }

  async onModuleDestroy(): Promise<void> {
    await this.client.close();
  }

  /** @throws GatewayUnavailableError `gateway_unreachable`, `gateway_timeout` */
  async call({ body, timeoutMs = TIMEOUT_MS, ...call }: TriedCall): Promise<TriedAnswer> {
    const startedMs = performance.now();
    const request = { ...call, timeoutMs, body: body === null ? null : Buffer.from(body) };
    const answer = await this.client.call(request).catch((error: unknown) => {
      if (!(error instanceof GatewayUnreachedError)) throw error;
      throw error.reason === 'time' ? timedOut(timeoutMs) : unreachable(error);
    });
    return {
      status: answer.status,
      headers: fieldsOf(answer.headers),
      text: textOf(answer.body, answer.cut !== null),
      bytes: answer.body.length,
      cut: answer.cut,
      durationMs: Math.round(performance.now() - startedMs),
    };
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

function fieldsOf(headers: GatewayAnswer['headers']): CallHeader[] {
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
