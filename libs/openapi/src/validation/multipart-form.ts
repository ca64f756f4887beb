const maxParts = 1_000;
const maxHeadBytes = 8_192;
const lineEnd = Buffer.from('\r\n');
const headEnd = Buffer.from('\r\n\r\n');

/** One field or file of a form. */
export interface FormPart {
  readonly name: string;
  readonly isFile: boolean;
  /** The media type, as it stands there; null for none. */
  readonly type: string | null;
  readonly bytes: Buffer;
}

/** The parts of a multipart/form-data body (RFC 7578); null when it is none, or has more than a thousand parts. */
export function parseMultipartForm(bytes: Buffer, contentType: string): readonly FormPart[] | null {
  const boundary = boundaryOf(contentType);
  if (boundary === null) return null;
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const first = delimiter.subarray(2);
  let at = bytes.subarray(0, first.length).equals(first) ? 0 : bytes.indexOf(delimiter) + 2;
  if (at === 1) return null;
  const parts: FormPart[] = [];
  for (at += first.length; ;) {
    if (bytes.toString('latin1', at, at + 2) === '--') return parts;
    const start = bytes.indexOf(lineEnd, at);
    // Blanks may stand between the boundary and the end of its line.
    if (start < 0 || bytes.toString('latin1', at, start).trim() !== '' || parts.length === maxParts) return null;
    const end = bytes.indexOf(delimiter, start);
    const part = end < 0 ? null : partOf(bytes.subarray(start + 2, Math.max(start + 2, end)));
    if (part === null) return null;
    parts.push(part);
    at = end + delimiter.length;
  }
}

function partOf(bytes: Buffer): FormPart | null {
  const end = bytes.indexOf(headEnd);
  if (end < 0 || end > maxHeadBytes) return null;
  let disposition = '';
  let type: string | null = null;
  for (const line of bytes.toString('utf8', 0, end).split('\r\n')) {
    const colon = line.indexOf(':');
    const field = line.slice(0, colon).toLowerCase();
    if (field === 'content-disposition') disposition = line.slice(colon + 1);
    else if (field === 'content-type') type = line.slice(colon + 1).trim();
  }
  const name = parameterOf(disposition, 'name');
  if (!/^\s*form-data\s*(;|$)/i.test(disposition) || name === null) return null;
  const isFile = parameterOf(disposition, 'filename') !== null || parameterOf(disposition, 'filename*') !== null;
  return { name, isFile, type, bytes: bytes.subarray(end + headEnd.length) };
}

function boundaryOf(contentType: string): string | null {
  const boundary = parameterOf(contentType, 'boundary');
  return boundary === null || boundary === '' || boundary.length > 70 ? null : boundary;
}

/** A parameter of a field, between quotes or not; browsers escape quotes within as %22. */
function parameterOf(field: string, name: string): string | null {
  for (const [, found, quoted, token] of field.matchAll(/;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g)) {
    if (found!.toLowerCase() === name) return quoted?.replaceAll(/\\(["\\])/g, '$1').replaceAll('%22', '"') ?? token!;
  }
  return null;
}
