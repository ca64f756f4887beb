import type { OnReadOpts, Socket } from 'node:net';

/** Of `net.connect`: who gets what comes, and where it is read to. */
export interface ReadingOptions {
  readonly onread?: OnReadOpts;
}

const readers = new WeakMap<Socket, (bytes: Buffer) => void>();

/**
 * How connections are opened whose bytes are read in place: all of them into one buffer, instead of one of 64 KiB
 * for each read.
 */
export const readingInPlace: ReadingOptions = {
  onread: {
    buffer: Buffer.allocUnsafeSlow(64 * 1024),
    callback(this: Socket, length: number, buffer: Uint8Array): boolean {
      readers.get(this)?.(buffer.subarray(0, length) as Buffer);
      return true;
    },
  },
};

/**
 * Tells `reader` what comes on a connection that was opened with `readingInPlace`. The bytes are there until the reader
 * returns: what is kept of them must be copied.
 */
export function readInPlace(socket: Socket, reader: (bytes: Buffer) => void): void {
  readers.set(socket, reader);
}
