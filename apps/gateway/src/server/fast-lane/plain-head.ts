import { CR, LF, newFieldLine, readFieldLine } from '../../field-line.js';

/** The head of a request of which there is nothing to be in doubt about, and whose body, if it has one, is there as well. */
export interface PlainHead {
  readonly method: string;
  readonly target: string;
  /** Name, value, name, value, as they were sent. */
  readonly rawHeaders: string[];
  /** How many bytes it takes. */
  readonly length: number;
  /** How many bytes behind it are its body; all of them have come. */
  readonly bodyLength: number;
}

/** Longer heads are not plain: what is kept of a head, such as a value that calls are counted by, keeps all of it. */
const maxLength = 4096;
/** Longer bodies stream, through Node's server. */
const maxBodyLength = 16 * 1024;
const METHODS = ['GET ', 'POST ', 'PUT ', 'PATCH ', 'HEAD ', 'DELETE ', 'OPTIONS '];
const METHODS_WITH_BODY = new Set(['POST ', 'PUT ', 'PATCH ']);
/** Without a sign, zeros ahead, blanks, a list, or anything else that somebody may read otherwise. */
const DECIMAL = /^(?:0|[1-9]\d{0,4})$/;
const VERSION = ' HTTP/1.1\r\n';

/** By character: what may be in a target (RFC 3986 §3). */
const IN_TARGET = new Uint8Array(256);
for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?@!$&'()*+,;=%")
  IN_TARGET[letter.charCodeAt(0)] = 1;

/** Filled anew by each line. */
const line = newFieldLine();

/** Fields that say something of the framing, or of the connection, for Node's server to judge. */
const DOUBTFUL = new Set(['transfer-encoding', 'expect', 'upgrade', 'trailer', 'proxy-connection', 'http2-settings']);

/**
 * Reads the head of a plain request: HTTP/1.1, whole, a usual method, a target in origin form, exactly one Host, at most one
 * length, and that only where a method has a body, which is short and all there; each line as RFC 9112 writes it, with
 * nothing that is merely tolerated. Null for everything else, and in any doubt.
 */
export function readPlainHead(bytes: Buffer): PlainHead | null {
  const text = bytes.toString('latin1', 0, Math.min(bytes.length, maxLength));
  const start = METHODS.find((one) => text.startsWith(one));
  if (start === undefined) return null;
  let at = start.length;
  if (text.charCodeAt(at) !== 47) return null;
  while (IN_TARGET[text.charCodeAt(at)] === 1) at++;
  if (!text.startsWith(VERSION, at)) return null;
  const target = text.slice(start.length, at);
  at += VERSION.length;

  const rawHeaders: string[] = [];
  let hosts = 0;
  let bodyLength = -1;
  while (text.charCodeAt(at) !== CR) {
    at = readFieldLine(text, at, line);
    if (at === -1) return null;
    const { name, lowerCaseName, value } = line;
    switch (name.length) {
      case 4:
        if (lowerCaseName !== 'host') break;
        if (++hosts > 1 || value === '') return null;
        break;
      case 10:
        if (lowerCaseName === 'connection' && value.toLowerCase() !== 'keep-alive') return null;
        break;
      case 14:
        if (lowerCaseName !== 'content-length') break;
        if (bodyLength !== -1 || !METHODS_WITH_BODY.has(start) || !DECIMAL.test(value)) return null;
        bodyLength = Number(value);
        break;
      case 6:
      case 7:
      case 16:
      case 17:
        if (DOUBTFUL.has(lowerCaseName)) return null;
    }
    rawHeaders.push(name, value);
  }
  if (text.charCodeAt(at + 1) !== LF || hosts !== 1) return null;
  const length = at + 2;
  if (bodyLength === -1) bodyLength = 0;
  if (bodyLength > maxBodyLength || length + bodyLength > bytes.length) return null;
  return { method: start.slice(0, -1), target, rawHeaders, length, bodyLength };
}
