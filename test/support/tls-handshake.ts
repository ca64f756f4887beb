import net from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';

const CHANGE_CIPHER_SPEC = 20;
const CERTIFICATE_REQUEST = 13;

/** A connection by TLS 1.2, whose handshake can be read, and what the server has sent; sent in parts of `partBytes`. */
export function handshake(
  { host, port, servername }: { readonly host: string; readonly port: number; readonly servername: string },
  partBytes = Infinity,
): Promise<{ readonly bytes: () => Buffer; readonly socket: tls.TLSSocket }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const transport = net.connect(port, host).setNoDelay(true);
    const tapped = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => writeInParts(transport, chunk, partBytes, done),
      final: (done) => void transport.end(done),
      destroy: (error, done) => {
        transport.destroy();
        done(error);
      },
    });
    transport.on('error', reject);
    transport.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      tapped.push(chunk);
    });
    transport.on('end', () => tapped.push(null));
    const options = { socket: tapped, servername, rejectUnauthorized: false, maxVersion: 'TLSv1.2' } as const;
    const socket = tls.connect(options, () => resolve({ bytes: () => Buffer.concat(chunks), socket }));
    socket.on('error', reject);
  });
}

/** Whether the server's part of a TLS 1.2 handshake has a CertificateRequest (RFC 5246 §7.4.4). */
export function isCertificateAskedFor(bytes: Buffer): boolean {
  const parts: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length && bytes[at] !== CHANGE_CIPHER_SPEC;) {
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    parts.push(bytes.subarray(at + 5, end));
    at = end;
  }
  const messages = Buffer.concat(parts);
  for (let at = 0; at + 4 <= messages.length; at += 4 + messages.readUIntBE(at + 1, 3))
    if (messages[at] === CERTIFICATE_REQUEST) return true;
  return false;
}

function writeInParts(socket: net.Socket, bytes: Buffer, partBytes: number, done: () => void): void {
  if (bytes.length <= partBytes) return void socket.write(bytes, () => done());
  socket.write(bytes.subarray(0, partBytes), () => writeInParts(socket, bytes.subarray(partBytes), partBytes, done));
}
