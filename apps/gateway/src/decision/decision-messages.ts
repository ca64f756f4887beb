import { Socket } from 'node:net';
import type { ClientRequest, ClientResponse } from '../server/client-message.js';
import type { DescribedCall } from './described-call.js';

/** In the place of the caller's connection, which is the proxy's; nothing is ever sent on it. */
const NO_CONNECTION = new Socket();

/** A call that another proxy has got, as a request of the pipeline: it has a head only, and no body will come. */
export class DecisionRequest {
  readonly httpVersionMajor = 1;
  readonly httpVersionMinor = 1;
  readonly complete = true;
  readonly socket = NO_CONNECTION;
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: string[];

  constructor({ method, target, rawHeaders }: DescribedCall) {
    this.method = method;
    this.url = target;
    this.rawHeaders = rawHeaders;
  }

  /** Nothing that is decided for another proxy reads a body: see `decisionRefusal`. */
  asClientRequest(): ClientRequest {
    return this as unknown as ClientRequest;
  }
}

/** What the caller is to get in the place of the upstream's answer. */
export interface GivenAnswer {
  readonly status: number;
  /** Name, value, name, value; none that is for one connection only. */
  readonly fields: readonly string[];
  readonly body: string;
}

const OF_CONNECTIONS = new Set(['connection', 'content-length', 'transfer-encoding', 'keep-alive', 'upgrade']);

/** Takes the answer that the pipeline gives itself, such as a refusal, for the proxy to hand on. */
export class DecisionResponse implements ClientResponse {
  destroyed = false;
  headersSent = false;
  writableEnded = false;
  readonly writableNeedDrain = false;
  readonly chunkedEncoding = false;
  private status = 0;
  private fields: readonly string[] = [];

  constructor(private readonly onAnswer: (answer: GivenAnswer) => void) {}

  /** The proxy was told that the call may pass: no other answer can follow. */
  markAllowed(): void {
    this.headersSent = true;
    this.writableEnded = true;
  }

  writeContinue(): void {}

  writeHead(status: number, fields: string[]): void {
    this.status = status;
    const kept: string[] = [];
    for (let index = 0; index < fields.length; index += 2) {
      const name = fields[index]!.toLowerCase();
      if (!OF_CONNECTIONS.has(name)) kept.push(name, fields[index + 1]!);
    }
    this.fields = kept;
  }

  flushHeaders(): void {}

  write(): boolean {
    throw new Error('an answer to another proxy is given as a whole');
  }

  addTrailers(): void {}

  end(chunk?: Buffer): void {
    this.headersSent = true;
    this.writableEnded = true;
    this.onAnswer({ status: this.status, fields: this.fields, body: chunk?.toString('utf8') ?? '' });
  }

  destroy(): void {
    this.destroyed = true;
  }

  on(): void {}

  once(): void {}
}
