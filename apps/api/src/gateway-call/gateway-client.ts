import type { IncomingHttpHeaders } from 'node:http';
import { Agent, type Dispatcher } from 'undici';

export interface GatewayRequest {
  readonly method: string;
  /** Beginning with a slash, percent-encoded; sent as it is. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** Ends the call. */
  readonly signal?: AbortSignal;
  /** 50 s, unless said. */
  readonly timeoutMs?: number;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As much of it as is read. */
  readonly body: Buffer;
  /** Why the rest of the body was not read; null when all was. */
  readonly cut: 'size' | 'time' | 'broken' | null;
}

/** Not even the head of an answer came: the gateway is not there, it took too long, or the connection broke. */
export class GatewayUnreachedError extends Error {
  constructor(
    /** Only where the gateway is not there it is certain that the call was not carried out. */
    readonly reason: 'absent' | 'time' | 'broken',
    options: ErrorOptions,
  ) {
    super('no answer of the gateway', options);
  }
}

/** Longer than this no agent waits; most of them wait a minute. */
const TIMEOUT_MS = 50_000;
const CONNECT_TIMEOUT_MS = 5_000;
export const MAX_BODY_BYTES = 256 * 1024;

/** Calls the gateway of this installation, and nothing else: its address is a setting. */
export class GatewayClient {
  private readonly agent = new Agent({
    connections: 128,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    keepAliveTimeout: 1_000,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  private readonly origin: string;
  private readonly prefix: string;

  constructor(gatewayUrl: string) {
    const url = new URL(gatewayUrl);
    this.origin = url.origin;
    this.prefix = url.pathname.replace(/\/+$/, '');
  }

  /**
   * The answer, of its body what came in time, the first 256 KiB at most. Redirects are answers like others.
   * @throws GatewayUnreachedError
   */
  async call({ method, path, headers, body, signal, timeoutMs = TIMEOUT_MS }: GatewayRequest): Promise<GatewayAnswer> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const deadline = signal ? AbortSignal.any([signal, timeout]) : timeout;
    try {
      const response = await this.agent.request({
        origin: this.origin,
        path: this.prefix + path,
        method: method as Dispatcher.HttpMethod,
        headers,
        body,
        signal: deadline,
      });
      return { status: response.statusCode, headers: response.headers, ...(await readSome(response.body, deadline)) };
    } catch (error) {
      const reason = isConnectFault(error) ? 'absent' : timeout.aborted ? 'time' : 'broken';
      throw new GatewayUnreachedError(reason, { cause: error });
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}

async function readSome(
  stream: AsyncIterable<Buffer>,
  deadline: AbortSignal,
): Promise<Pick<GatewayAnswer, 'body' | 'cut'>> {
  const chunks: Buffer[] = [];
  let room = MAX_BODY_BYTES;
  const read = (cut: GatewayAnswer['cut']) => ({ body: Buffer.concat(chunks), cut });
  try {
    for await (const chunk of stream) {
      chunks.push(chunk.subarray(0, room));
      room -= chunk.length;
      // Leaving the loop ends the exchange.
      if (room < 0) return read('size');
    }
    return read(null);
  } catch {
    return read(deadline.aborted ? 'time' : 'broken');
  }
}

function isConnectFault(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'EHOSTUNREACH'].includes(String(code));
}
