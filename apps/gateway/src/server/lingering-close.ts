import type { Exchange } from '../exchange.js';

const maxMs = 1_000;

/**
 * Makes a connection close, after an answer that did not wait for its request's body, in such a way that the answer
 * arrives (RFC 9112 §9.6): a close while bytes come in would reset the connection, and take the answer with it. What
 * still comes is read and thrown away, for at most a second. An HTTP/2 stream ends without its connection.
 */
export function closeLingering({ head, request, socket }: Exchange): void {
  if (head.isHttp2) return;
  socket.destroySoon = () => {
    if (socket.destroyed || socket.writableEnded) return;
    const timer = setTimeout(() => socket.destroy(), maxMs);
    socket.on('close', () => clearTimeout(timer));
    request.on('error', () => undefined);
    request.on('end', () => socket.destroy());
    request.resume();
    socket.end();
  };
}
