import net, { type AddressInfo } from 'node:net';

export interface TcpProxy {
  /** The same URL with the proxy's address. */
  readonly url: string;
  /** Breaks all connections and refuses new ones, as when the server's machine is gone. */
  cut(): void;
  /** Swallows all bytes without breaking anything, as when packets are dropped. */
  freeze(): void;
  restore(): void;
  close(): Promise<void>;
}

/** A way to a server that can be cut. */
export async function startTcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<net.Socket>();
  let state: 'open' | 'cut' | 'frozen' = 'open';
  const server = net.createServer((inbound) => {
    if (state === 'cut') return void inbound.destroy();
    const outbound = net.connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => state === 'open' && to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(targetUrl);
  url.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    state = 'cut';
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    freeze: () => (state = 'frozen'),
    restore: () => {
      if (state === 'frozen') for (const socket of sockets) socket.destroy();
      state = 'open';
    },
    close: () =>
      new Promise((resolve) => {
        cut();
        server.close(() => resolve());
      }),
  };
}
