import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { readInterimAnswer } from './direct/plain-answer.js';

/** What ends the first line of a request; bodies are written as bytes, never as strings. */
const endOfRequestLine = / HTTP\/1\.1\r\n/;
const beginning = 'HTTP/1.1 100';
const endOfHead = '\r\n\r\n';
/** No 100 has more to say. */
const maxBytes = 4_096;
/** After so many the next is left to the reader, which takes it for a fault. */
const mostSkipped = 16;

/**
 * A connector whose connections have no 100 that nobody asked for: undici breaks a connection off at one, while RFC 9110
 * §15.2 has a client read and drop it. No request of the gateway's has `Expect`, so that none of them is waited for.
 * Everything else, and everything in any doubt, is read as it has come.
 */
export function withoutUnaskedContinue(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...result: buildConnector.CallbackArgs) => {
      const [error, socket] = result;
      if (!error) readWithoutContinue(socket!);
      callback(...result);
    });
}

function readWithoutContinue(socket: Socket): void {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  const write = socket.write.bind(socket) as (...words: unknown[]) => boolean;
  const filter = new ContinueFilter();
  socket.write = (...words: unknown[]): boolean => {
    if (typeof words[0] === 'string' && endOfRequestLine.test(words[0])) filter.begin();
    return write(...words);
  };
  socket.read = (size?: number): Buffer | null => {
    if (size !== undefined || !filter.isOn) return read(size);
    for (let chunk = read(); chunk !== null; chunk = read()) {
      const rest = filter.take(chunk);
      if (rest !== null) return rest;
    }
    return null;
  };
}

/** Takes what comes on a connection from the head of a request on, until something comes that is no 100. */
export class ContinueFilter {
  /** True as long as a 100 may come. */
  isOn = false;
  private skipped = 0;
  /** What may become a 100. */
  private held: Buffer | null = null;

  /** A request is sent. */
  begin(): void {
    this.isOn = true;
    this.skipped = 0;
  }

  /** Returns what is for the reader; null when there is nothing yet. */
  take(chunk: Buffer): Buffer | null {
    const bytes = this.held === null ? chunk : Buffer.concat([this.held, chunk]);
    this.held = null;
    let at = 0;
    while (this.skipped < mostSkipped) {
      const interim = readInterimAnswer(bytes, at);
      if (interim === null || interim.status !== 100) break;
      at += interim.length;
      this.skipped++;
    }
    const rest = bytes.subarray(at);
    if (rest.length === 0) return null;
    if (mayBecomeContinue(rest)) {
      this.held = rest;
      return null;
    }
    this.isOn = false;
    return rest;
  }
}

function mayBecomeContinue(bytes: Buffer): boolean {
  if (bytes.length >= maxBytes) return false;
  const text = bytes.toString('latin1');
  return beginning.startsWith(text) || (text.startsWith(beginning) && !text.includes(endOfHead));
}
