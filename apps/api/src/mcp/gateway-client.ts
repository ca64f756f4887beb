import type { IncomingHttpHeaders } from 'node:http';
import { Agent, type Dispatcher } from 'undici';

export interface GatewayRequest {
  readonly method: string;
  /** Beginning with a slash, percent-encoded; sent as it is. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  readonly signal: AbortSignal;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As much of it as is read. */
  readonly body: Buffer;
  readonly isCutShort: boolean;
}

/** No answer came: the gateway is not there, or it took too long. */
export class GatewayUnreachedError extends Error {
  constructor(
    /** True when the call may have been carried out. */
    readonly wasSent: boolean,
    options: ErrorOptions,
  ) {
    super('no answer of the gateway', options);
  }
}

/** Longer than this no agent waits; most of them wait a minute. */
const TIMEOUT_MS = 50_000;
const CONNECT_TIMEOUT_MS = 5_000;
const MAX_BODY_BYTES = 256 * 1024;

/** Calls the gateway of this installation, and nothing else: its address is a setting. */
export class GatewayClient {
  private readonly agent = new Agent({
    connections: 128,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  private readonly origin: string;
  private readonly prefix: string;

  constructor(
    gatewayUrl: string,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {
    const url = new URL(gatewayUrl);
    this.origin = url.origin;
    this.prefix = url.pathname.replace(/\/+$/, '');
  }

  /**
   * The answer, of its body the first 256 KiB. Redirects are answers like others.
   * @throws GatewayUnreachedError
   */
  async call({ method, path, headers, body, signal }: GatewayRequest): Promise<GatewayAnswer> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(this.timeoutMs)]);
    try {
      const response = await this.agent.request({
        origin: this.origin,
        path: this.prefix + path,
        method: method as Dispatcher.HttpMethod,
        headers,
        body,
        signal: deadline,
      });
      return { status: response.statusCode, headers: response.headers, ...(await readSome(response.body)) };
    } catch (error) {
      throw new GatewayUnreachedError(!isConnectFault(error), { cause: error });
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}

async function readSome(stream: AsyncIterable<Buffer>): Promise<Pick<GatewayAnswer, 'body' | 'isCutShort'>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop ends the exchange.
    if (length > MAX_BODY_BYTES) return { body: Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES), isCutShort: true };
  }
  return { body: Buffer.concat(chunks), isCutShort: false };
}

function isConnectFault(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'EHOSTUNREACH'].includes(String(code));
}
