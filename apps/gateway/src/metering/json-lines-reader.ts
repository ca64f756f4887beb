import { StringDecoder } from 'node:string_decoder';
import type { JsonPointer } from '#domain';
import { type Scalars, jsonScalars } from './json-scalars.js';

/** A line with more than this is passed over. */
const maxLineChars = 256 * 1024;

/**
 * Reads a stream of JSON texts, one a line, as it passes: of each pointer it keeps what the last line says that has it. Holds one line at
 * most.
 */
export class JsonLinesReader {
  private readonly decoder = new StringDecoder('utf8');
  /** The last token of each pointer: a line without any of them need not be parsed. */
  private readonly names: readonly string[];
  private readonly found: (string | undefined)[];
  private rest = '';
  private isTooLong = false;

  constructor(private readonly pointers: readonly JsonPointer[]) {
    this.names = pointers.map((pointer) => pointer.at(-1) ?? '');
    this.found = pointers.map(() => undefined);
  }

  onData(chunk: Buffer): void {
    const lines = (this.rest + this.decoder.write(chunk)).split('\n');
    this.rest = lines.pop()!;
    for (const line of lines) this.onLine(line);
    if (this.rest.length <= maxLineChars) return;
    this.isTooLong = true;
    this.rest = '';
  }

  latest(): Scalars {
    return this.found;
  }

  /** The stream has ended: a line without its end counts as well. */
  end(): Scalars {
    this.onLine(this.rest);
    return this.found;
  }

  private onLine(line: string): void {
    const isOfUse = !this.isTooLong && this.names.some((name) => line.includes(name));
    this.isTooLong = false;
    const scalars = isOfUse ? jsonScalars(line, this.pointers) : null;
    scalars?.forEach((scalar, index) => {
      if (scalar !== undefined) this.found[index] = scalar;
    });
  }
}
