import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { preParsingAsyncHookHandler } from 'fastify';

/** Of a body, before and after it is unpacked. */
export const MAX_TELEMETRY_BYTES = 8 * 1024 * 1024;

const gunzip = promisify(zlib.gunzip);

/** A body that cannot be taken, with the status that Fastify answers. */
class BodyError extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Unpacks a body that comes with `Content-Encoding: gzip`, which the exporters of OpenTelemetry send by default, up to 8 MiB. A few
 * kilobytes can be gigabytes, so that unpacking stops there.
 */
export const unpackBody: preParsingAsyncHookHandler = async (request, _reply, payload) => {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return payload;
  if (encoding !== 'gzip') {
    throw new BodyError(415, `The body is compressed by "${encoding}". Send it by gzip, or as it is.`);
  }
  const packed = await readBody(payload);
  try {
    const unpacked = await gunzip(packed, { maxOutputLength: MAX_TELEMETRY_BYTES });
    return Object.assign(Readable.from([unpacked]), { receivedEncodedLength: packed.length });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new BodyError(400, 'The body says that it is gzip, and is not.');
  }
};

async function readBody(payload: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of payload) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    bytes += part.length;
    if (bytes > MAX_TELEMETRY_BYTES) throw tooLarge();
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): BodyError {
  return new BodyError(
    413,
    'The body is larger than 8 MiB. Send fewer records at a time: set send_batch_max_size where they are batched.',
  );
}
