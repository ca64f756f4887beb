import net, { type AddressInfo } from 'node:net';

/** Answers the bytes of a request, which it gets whole or in its first part, as it likes. */
export type RawAnswer = (socket: net.Socket, request: string) => void;

export interface RawUpstream {
  readonly url: string;
  /** The first bytes of every request that came, in order. */
  readonly requests: string[];
  answer: RawAnswer;
  close(): void;
}

/** A server that says whatever it wants to say, HTTP or not. Its connections stay open unless the answer ends them. */
export async function startRawUpstream(): Promise<RawUpstream> {
  const sockets = new Set<net.Socket>();
  const upstream: { answer: RawAnswer; requests: string[] } = {
    requests: [],
    answer: (socket) => socket.end(),
  };
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      const request = bytes.toString('latin1');
      upstream.requests.push(request);
      upstream.answer(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(upstream, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
}
