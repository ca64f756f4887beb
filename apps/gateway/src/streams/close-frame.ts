/** Why the gateway ends a WebSocket connection (RFC 6455 §7.4.1). */
export type CloseCode = 1001 | 1008;

/** A Close frame as a server sends it; `reason` has at most 123 bytes. */
export function closeFrame(code: CloseCode, reason: string): Buffer {
  const payload = closePayload(code, reason);
  return Buffer.concat([Buffer.from([0x88, payload.length]), payload]);
}

/** The same as a client sends it: masked, with a key of zeros, which hides nothing and changes nothing. */
export function maskedCloseFrame(code: CloseCode, reason: string): Buffer {
  const payload = closePayload(code, reason);
  return Buffer.concat([Buffer.from([0x88, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

function closePayload(code: CloseCode, reason: string): Buffer {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return payload;
}
