import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { fieldLineStart, lowerCaseName } from '../../field-names.js';
import { writeTogether } from '../../write-together.js';
import type { ClientResponse } from '../client-message.js';

/** What an answer needs of its connection. */
export interface AnswerPlace {
  readonly socket: Socket;
  /** The fields that each answer has unless it says otherwise, each from the end of the line before: when it was made, and how long the connection is kept. */
  readonly dateField: string;
  readonly keepAliveFields: string;
  /** All of the answer was given to the socket. */
  onAnswered(closes: boolean): void;
}

const NOT_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const statusLines = new Map(
  Object.entries(STATUS_CODES).map(([status, text]) => [Number(status), `HTTP/1.1 ${status} ${text}`]),
);

/** The answer to a plain request: the bytes that Node's `ServerResponse` would write, in as few writes as may be. */
export class PlainResponse implements ClientResponse {
  headersSent = false;
  writableEnded = false;
  chunkedEncoding = false;
  private head = '';
  private trailers = '';
  private closes = false;
  private hasBody: boolean;

  constructor(
    private readonly place: AnswerPlace,
    isHead: boolean,
  ) {
    this.hasBody = !isHead;
  }

  get destroyed(): boolean {
    return this.place.socket.destroyed;
  }

  get writableNeedDrain(): boolean {
    return this.place.socket.writableNeedDrain;
  }

  /** Nobody who sends a plain request waits for it. */
  writeContinue(): void {}

  writeHead(status: number, fields: readonly string[]): void {
    let head = statusLines.get(status) ?? `HTTP/1.1 ${status} unknown`;
    let hasLength = false;
    let hasDate = false;
    let isKept: boolean | null = null;
    for (let index = 0; index < fields.length; index += 2) {
      const name = fields[index]!;
      const value = fields[index + 1]!;
      const start = fieldLineStart(name);
      if (start === null || NOT_IN_VALUE.test(value)) throw new TypeError(`the field ${name} cannot be sent`);
      head += start + value;
      switch (name.length) {
        case 4:
          if (lowerCaseName(name) === 'date') hasDate = true;
          break;
        case 10:
          if (lowerCaseName(name) === 'connection') isKept = value.toLowerCase() !== 'close';
          break;
        case 14:
          if (lowerCaseName(name) === 'content-length') hasLength = true;
      }
    }
    if (status === 204 || status === 304) this.hasBody = false;
    this.closes = isKept === false;
    this.chunkedEncoding = this.hasBody && !hasLength;
    if (!hasDate) head += this.place.dateField;
    if (isKept === null) head += this.place.keepAliveFields;
    this.head = this.chunkedEncoding ? `${head}\r\nTransfer-Encoding: chunked\r\n\r\n` : `${head}\r\n\r\n`;
    this.headersSent = true;
  }

  flushHeaders(): void {
    if (this.head !== '') this.send(this.takeHead(), null, '');
  }

  write(chunk: Buffer): boolean {
    if (!this.hasBody || chunk.length === 0) return true;
    if (!this.chunkedEncoding) return this.send(this.takeHead(), chunk, '');
    return this.send(`${this.takeHead()}${chunk.length.toString(16)}\r\n`, chunk, '\r\n');
  }

  addTrailers(fields: readonly [string, string][]): void {
    for (const [name, value] of fields) {
      const start = fieldLineStart(name);
      if (start === null || NOT_IN_VALUE.test(value)) throw new TypeError(`the trailer ${name} cannot be sent`);
      this.trailers += start + value;
    }
  }

  end(chunk?: Buffer): void {
    if (this.writableEnded) return;
    this.writableEnded = true;
    const body = this.hasBody && chunk !== undefined && chunk.length > 0 ? chunk : null;
    const head = this.takeHead();
    if (!this.chunkedEncoding) this.send(head, body, '');
    else if (body === null) this.send(`${head}0${this.trailers}\r\n\r\n`, null, '');
    else this.send(`${head}${body.length.toString(16)}\r\n`, body, `\r\n0${this.trailers}\r\n\r\n`);
    this.place.onAnswered(this.closes);
  }

  destroy(): void {
    this.place.socket.destroy();
  }

  /** Of its end its connection knows: nobody else asks. */
  on(_event: 'close', _listener: () => void): void {
    throw new Error('an answer to a plain request is watched by its connection');
  }

  once(event: 'drain', listener: () => void): void {
    this.place.socket.once(event, listener);
  }

  private takeHead(): string {
    const { head } = this;
    this.head = '';
    return head;
  }

  private send(before: string, body: Buffer | null, after: string): boolean {
    const { socket } = this.place;
    // Who has ended its side is gone, and what is left of its connection is about to close.
    if (!socket.writable) return true;
    if (body === null) return before === '' || socket.write(before, 'latin1');
    if (before === '' && after === '') return socket.write(body);
    return writeTogether(socket, before, body, after);
  }
}
