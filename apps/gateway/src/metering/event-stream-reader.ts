import { StringDecoder } from 'node:string_decoder';
import type { JsonPointer } from '#domain';
import { type Scalars, jsonScalars } from './json-scalars.js';

/** An event with more data than this is passed over. */
const maxEventChars = 256 * 1024;

/**
 * Reads a stream of server-sent events as it passes: of each pointer it keeps what the last event's JSON data says that
 * has it. Holds one event at most.
 */
export class EventStreamReader {
  private readonly decoder = new StringDecoder('utf8');
  /** The last token of each pointer: data without any of them need not be parsed. */
  private readonly names: readonly string[];
  private readonly found: (string | undefined)[];
  private rest = '';
  private data: string[] = [];
  private dataChars = 0;
  private isTooLong = false;

  constructor(private readonly pointers: readonly JsonPointer[]) {
    this.names = pointers.map((pointer) => pointer.at(-1) ?? '');
    this.found = pointers.map(() => undefined);
  }

  onData(chunk: Buffer): void {
    this.take(this.decoder.write(chunk));
  }

  latest(): Scalars {
    return this.found;
  }

  /** The stream has ended: an event without its empty line counts as well. */
  end(): Scalars {
    this.onLine(this.rest);
    this.dispatch();
    return this.found;
  }

  private take(text: string): void {
    // A carriage return at the end may be the first half of a line's end.
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop()!;
    if (this.rest.length > maxEventChars) {
      this.isTooLong = true;
      this.rest = '';
    }
    for (const line of lines) this.onLine(line);
  }

  private onLine(line: string): void {
    if (line === '' || line === '\r') return this.dispatch();
    if (!line.startsWith('data:')) return;
    this.dataChars += line.length;
    if (this.dataChars > maxEventChars) this.isTooLong = true;
    else this.data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
  }

  private dispatch(): void {
    const text = this.data.join('\n');
    const isOfUse = !this.isTooLong && text !== '' && this.names.some((name) => text.includes(name));
    this.data = [];
    this.dataChars = 0;
    this.isTooLong = false;
    const scalars = isOfUse ? jsonScalars(text, this.pointers) : null;
    scalars?.forEach((scalar, index) => {
      if (scalar !== undefined) this.found[index] = scalar;
    });
  }
}
