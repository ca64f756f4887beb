import net, { type AddressInfo } from 'node:net';
import { END_HEADERS, END_STREAM, frame, frameTypes, headerBlock } from './raw-http2.js';

const PREFACE_BYTES = 24;

/** A server with prior knowledge of HTTP/2 that answers every request with these fields as they are. */
export async function startRawHttp2Upstream(
  fields: readonly (readonly [string, string])[],
): Promise<{ readonly url: string; close(): void }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write(frame(frameTypes.settings, 0, 0, Buffer.alloc(0)));
    let pending = Buffer.alloc(0);
    let isPrefaceRead = false;
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      if (!isPrefaceRead && pending.length < PREFACE_BYTES) return;
      if (!isPrefaceRead) pending = pending.subarray(PREFACE_BYTES);
      isPrefaceRead = true;
      while (pending.length >= 9 && pending.length >= 9 + pending.readUIntBE(0, 3)) {
        const [type, streamId] = [pending[3], pending.readUInt32BE(5)];
        if (type === frameTypes.headers)
          socket.write(frame(frameTypes.headers, END_HEADERS | END_STREAM, streamId, headerBlock(fields)));
        pending = pending.subarray(9 + pending.readUIntBE(0, 3));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
