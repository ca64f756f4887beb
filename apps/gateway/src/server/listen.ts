import net, { type AddressInfo, type Server } from 'node:net';
import { GatewayStartError } from '../gateway-start-error.js';

/**
 * Listens and returns the port, which is another than the one given when that is 0. `isShared`: the port is that of all
 * gateway processes of a supervisor, where there is one.
 * @throws GatewayStartError `port_unavailable`
 */
export function listen(
  server: Server,
  host: string,
  port: number,
  variable: string,
  isShared = false,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      const why = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${error.code})`;
      const message = `${host}:${port} ${why}. Free it, or set ${variable} to another port.`;
      reject(new GatewayStartError('port_unavailable', message, { cause: error }));
    };
    server.once('error', onError);
    server.listen({ port, host, exclusive: !isShared }, () => {
      server.off('error', onError);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Takes no new connections; those that are there stay. `http.Server.close` would reset some of them. */
export function stopListening(server: Server): void {
  net.Server.prototype.close.call(server);
}
