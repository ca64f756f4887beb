import type { Socket } from 'node:net';
import { serverNameIn } from './client-hello.js';

/**
 * Tells the name that a client asks for before anything is answered, and puts back what was read. A client that does not
 * say within `timeoutMs`, or goes away, is dropped.
 */
export function peekServerName(
  socket: Socket,
  timeoutMs: number,
  onServerName: (serverName: string | null) => void,
): void {
  let bytes: Buffer = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const serverName = serverNameIn(bytes);
    if (serverName === undefined) return;
    stop();
    socket.pause();
    socket.unshift(bytes);
    onServerName(serverName);
  };
  const onGone = (): void => {
    stop();
    socket.destroy();
  };
  const timer = setTimeout(onGone, timeoutMs);
  function stop(): void {
    clearTimeout(timer);
    socket.off('data', onData).off('end', onGone).off('error', onGone).off('close', onGone);
  }
  socket.on('data', onData).on('end', onGone).on('error', onGone).on('close', onGone);
}
