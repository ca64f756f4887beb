import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** What an upstream answers to switch to WebSocket. */
export function acceptWebSocket(request: IncomingMessage, socket: Duplex, headers: readonly string[] = []): void {
  const key = String(request.headers['sec-websocket-key']);
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  const lines = ['HTTP/1.1 101 Switching Protocols', 'connection: Upgrade', 'upgrade: websocket'];
  socket.write([...lines, `sec-websocket-accept: ${accept}`, ...headers, '', ''].join('\r\n'));
}

/** A text frame as a server sends it, of at most 125 bytes. */
export function textFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, Buffer.byteLength(text)]), Buffer.from(text)]);
}

/** The same as a client sends it, with a mask that changes nothing. */
export function maskedTextFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | Buffer.byteLength(text), 0, 0, 0, 0]), Buffer.from(text)]);
}

/** The lines of a request for WebSocket. */
export function webSocketRequest(path: string, key: string, headers: readonly string[] = []): string[] {
  return [
    `GET ${path} HTTP/1.1`,
    'host: a',
    `x-api-key: ${key}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
    '',
    '',
  ];
}
