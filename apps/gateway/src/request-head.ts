import { lowerCaseName } from './field-names.js';
import type { Http2Head, Http2HeadVerdict } from './server/http2-head.js';

/** More than any caller needs, and few enough to look at each one. */
const maxFields = 256;

/** Why a request cannot be understood in one way only, or not at all; `sound` when it can. */
export type FramingVerdict =
  | Http2HeadVerdict
  | 'unsupported_version'
  | 'host_missing'
  | 'host_repeated'
  | 'unsupported_transfer_encoding'
  | 'too_many_fields'
  | 'unknown_expectation';

const NONE: readonly string[] = [];

/** What the gateway itself reads of a request's header fields, in one pass over the raw ones. */
export class RequestHead {
  host: string | null = null;
  /** Of `x-api-key`. */
  apiKey: string | null = null;
  /** Several different values of `x-api-key`. */
  hasConflictingKeys = false;
  authorizations: readonly string[] = NONE;
  contentLength = 0;
  isChunked = false;
  /** What `Connection` names, in lower case; null for nothing but "keep-alive". */
  nominated: Set<string> | null = null;
  framing: FramingVerdict = 'sound';
  isHttp2 = false;

  constructor(readonly rawHeaders: readonly string[]) {
    if (rawHeaders.length > 2 * maxFields) this.framing = 'too_many_fields';
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index]!;
      switch (name.length) {
        case 4:
        case 6:
        case 9:
        case 10:
        case 13:
        case 14:
        case 17:
          this.take(lowerCaseName(name), rawHeaders[index + 1]!);
      }
    }
  }

  /** This came by HTTP/2, whose own rules were checked: a body without a length is there until its frames say otherwise. */
  takeHttp2({ verdict, isComplete }: Http2Head): void {
    this.isHttp2 = true;
    if (verdict !== 'sound') this.framing = verdict;
    this.isChunked = !isComplete && this.contentLength === 0;
  }

  get hasBody(): boolean {
    return this.isChunked || this.contentLength > 0;
  }

  /** The body must be decoded to be read. "identity" says that it need not be, and most servers take it so. */
  get hasContentCoding(): boolean {
    const codings = this.valuesOf('content-encoding').flatMap((value) => value.split(','));
    return codings.some((coding) => !/^[ \t]*(?:identity)?[ \t]*$/i.test(coding));
  }

  /** The value of a field, the first where there are several; null without one. */
  valueOf(lowerCaseName: string): string | null {
    const { rawHeaders } = this;
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index]!;
      if (name.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName) return rawHeaders[index + 1]!;
    }
    return null;
  }

  /** The value of each line of a field, in their order. */
  valuesOf(lowerCaseName: string): readonly string[] {
    const { rawHeaders } = this;
    return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === lowerCaseName);
  }

  /** True for what `Connection` names: a field that is only for this hop, or "close". */
  isNominated(lowerCaseName: string): boolean {
    return this.nominated !== null && this.nominated.has(lowerCaseName);
  }

  /**
   * What Node's parser lets pass and must not: other versions than 1.0 and 1.1, a chunked body in 1.0, transfer codings
   * beside chunked, none or several hosts. Contradicting lengths it refuses itself.
   */
  checkFraming(versionMajor: number, versionMinor: number): FramingVerdict {
    if (this.isHttp2) return this.framing;
    if (versionMajor !== 1 || versionMinor > 1 || (versionMinor === 0 && this.isChunked)) return 'unsupported_version';
    if (this.framing !== 'sound') return this.framing;
    return this.host === null && versionMinor === 1 ? 'host_missing' : 'sound';
  }

  private take(name: string, value: string): void {
    switch (name) {
      case 'host':
        if (this.host !== null) this.framing = 'host_repeated';
        this.host = value;
        return;
      case 'x-api-key':
        if (this.apiKey !== null && this.apiKey !== value) this.hasConflictingKeys = true;
        this.apiKey = value;
        return;
      case 'authorization':
        this.authorizations = this.authorizations === NONE ? [value] : [...this.authorizations, value];
        return;
      case 'connection':
        if (value !== 'keep-alive') this.nominate(value);
        return;
      case 'expect':
        if (value.trim().toLowerCase() !== '100-continue') this.framing = 'unknown_expectation';
        return;
      case 'content-length':
        this.contentLength = Number(value);
        return;
      case 'transfer-encoding':
        this.isChunked = true;
        if (value.toLowerCase() !== 'chunked') this.framing = 'unsupported_transfer_encoding';
        return;
    }
  }

  private nominate(connection: string): void {
    this.nominated ??= new Set();
    for (const token of connectionTokens(connection)) this.nominated.add(token);
  }
}

/** The tokens of a `Connection` field, in lower case; tabs around them are blanks too. */
export function connectionTokens(value: string): string[] {
  return value.split(',').map((token) => token.trim().toLowerCase());
}
