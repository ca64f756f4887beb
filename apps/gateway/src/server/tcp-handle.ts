import { type Server, Socket, type SocketConstructorOpts } from 'node:net';
import { TLSSocket } from 'node:tls';
import { readingInPlace } from '../read-in-place.js';

/** What is under a `net.Socket`: a connection that can be sent to another process. Node has no type for it. */
export interface TcpHandle {
  reading: boolean;
  readStop(): number;
  close(): void;
}

/**
 * Takes a connection from its socket, which closes without the other side hearing of it. What comes from then on stays in the
 * operating system until somebody reads. Null where that cannot be: bytes were read or written that have not gone where
 * they should, it is closed, or it has TLS, whose keys cannot be taken along.
 */
export function detachHandle(socket: Socket): TcpHandle | null {
  if (socket instanceof TLSSocket || !socket.readable || !socket.writable) return null;
  if (socket.readableLength > 0 || socket.writableLength > 0) return null;
  const holder = socket as unknown as { _handle: TcpHandle | null };
  const handle = holder._handle;
  if (handle === null || handle.readStop() !== 0) return null;
  handle.reading = false;
  holder._handle = null;
  socket.destroy();
  return handle;
}

/**
 * A socket for a connection that `detachHandle` has taken from another, made with `readingInPlace`. It counts among the connections of `server` until it
 * closes, as those do that come to it: where it has as many as it may, no new ones come.
 */
export function attachHandle(handle: TcpHandle, server: Server): Socket {
  const options = { handle, allowHalfOpen: true, readable: true, writable: true, ...readingInPlace };
  const socket = new Socket(options as unknown as SocketConstructorOpts);
  // As Node does with a connection that it accepts; a socket that is destroyed takes itself off.
  (server as unknown as { _connections: number })._connections++;
  return Object.assign(socket, { server, _server: server });
}
