import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StaticFile } from './static-files.js';

/** For names that change with their content. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';
/** Kept, but asked about each time. */
export const REVALIDATE = 'no-cache';

/** Sends a file, compressed when the caller can read that, or 304 when the caller has it. */
export async function sendFile(
  request: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  file: StaticFile,
  cacheControl: string,
): Promise<void> {
  void reply.headers({
    'content-type': file.mediaType,
    'cache-control': cacheControl,
    etag: file.etag,
    vary: 'accept-encoding',
  });
  if (knows(request.headers['if-none-match'], file.etag)) return void (await reply.status(304).send());
  const acceptsGzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(request.headers['accept-encoding'] ?? ''));
  if (file.gzipped && acceptsGzip) await reply.header('content-encoding', 'gzip').send(file.gzipped);
  else await reply.send(file.bytes);
}

function knows(ifNoneMatch: string | undefined, etag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((known) => [etag, `W/${etag}`, '*'].includes(known.trim()));
}
