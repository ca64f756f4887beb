import type { OnReadOpts, Socket } from 'node:net';

/** Of a socket that is made: who gets what comes, and where it is read to. */
export interface ReadingOptions {
  readonly onread?: OnReadOpts;
}

/** Is told what has come; false when it wants nothing more until the socket is resumed. */
type Reader = (bytes: Buffer) => boolean | void;

const readers = new WeakMap<Socket, Reader>();

/**
 * How sockets are made whose bytes are read in place: those of all of them into one buffer, instead of a new one of 64 KiB
 * for each read.
 */
export const readingInPlace: ReadingOptions = {
  onread: {
    buffer: Buffer.allocUnsafeSlow(64 * 1024),
    callback(this: Socket, length: number, buffer: Uint8Array): boolean {
      return readers.get(this)?.(buffer.subarray(0, length) as Buffer) !== false;
    },
  },
};

/**
 * Tells `reader` what comes on a socket that was made with `readingInPlace`. The bytes are there until the reader returns:
 * what is kept of them must be copied.
 */
export function readInPlace(socket: Socket, reader: Reader): void {
  readers.set(socket, reader);
}

/** From here on, what comes on a socket that was made with `readingInPlace` is read from it as from any other. */
export function readAsStream(socket: Socket): void {
  readers.set(socket, (bytes) => socket.push(Buffer.from(bytes)));
}
