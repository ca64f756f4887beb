import type { Socket } from 'node:net';

/** A longer body costs less as a piece of its own, which the kernel takes in the same write. */
const maxJoinedBytes = 4 * 1024;

/**
 * Writes a body with what is before and after it (one character a byte) in one write, and returns false when the socket
 * has more to send than it should.
 */
export function writeTogether(socket: Socket, before: string, body: Buffer, after = ''): boolean {
  if (body.length <= maxJoinedBytes) return socket.write(before + body.toString('latin1') + after, 'latin1');
  socket.cork();
  if (before !== '') socket.write(before, 'latin1');
  let isTaken = socket.write(body);
  if (after !== '') isTaken = socket.write(after, 'latin1');
  socket.uncork();
  return isTaken;
}
