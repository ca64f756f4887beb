const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const HOST_NAME = 0;
const RECORD_HEAD_BYTES = 5;
const HANDSHAKE_HEAD_BYTES = 4;
/** Larger than any ClientHello, also with the keys that quantum computers cannot break. */
const maxBytes = 32 * 1024;

/**
 * The name that a client asks for (SNI, RFC 6066 §3) in the first bytes of its connection: null for none, or for what is
 * no ClientHello; undefined while more bytes are needed to tell.
 */
export function serverNameIn(bytes: Buffer): string | null | undefined {
  const message = handshakeIn(bytes);
  if (message === null) return null;
  if (message === undefined) return bytes.length < maxBytes ? undefined : null;
  try {
    return nameOf(extensionsOf(message));
  } catch {
    return null;
  }
}

/** The body of the ClientHello, put together from its records. */
function handshakeIn(bytes: Buffer): Buffer | null | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; at + RECORD_HEAD_BYTES <= bytes.length;) {
    if (bytes[at] !== HANDSHAKE_RECORD) return null;
    const end = at + RECORD_HEAD_BYTES + bytes.readUInt16BE(at + 3);
    parts.push(bytes.subarray(at + RECORD_HEAD_BYTES, end));
    at = end;
  }
  const message = Buffer.concat(parts);
  if (message.length < HANDSHAKE_HEAD_BYTES)
    return bytes.length > 0 && bytes[0] !== HANDSHAKE_RECORD ? null : undefined;
  if (message[0] !== CLIENT_HELLO) return null;
  const length = message.readUIntBE(1, 3);
  const body = message.subarray(HANDSHAKE_HEAD_BYTES, HANDSHAKE_HEAD_BYTES + length);
  return body.length < length ? undefined : body;
}

/** What follows version, random, session, cipher suites and compression methods (RFC 8446 §4.1.2). */
function extensionsOf(hello: Buffer): Buffer {
  let at = 2 + 32;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  const length = hello.readUInt16BE(at);
  return hello.subarray(at + 2, at + 2 + length);
}

function nameOf(extensions: Buffer): string | null {
  for (let at = 0; at + 4 <= extensions.length;) {
    const [type, length] = [extensions.readUInt16BE(at), extensions.readUInt16BE(at + 2)];
    const content = extensions.subarray(at + 4, at + 4 + length);
    // A list of one name: its length, the kind of name, the length of the name.
    if (type === SERVER_NAME && content.readUInt8(2) === HOST_NAME)
      return content.subarray(5, 5 + content.readUInt16BE(3)).toString('latin1');
    at += 4 + length;
  }
  return null;
}
