import type { IncomingHttpHeaders } from 'node:http';
import type { StoredAnswer } from '../stored/stored-answer.js';

interface RecordHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** An answer as bytes: the length of its head, the head as JSON, the body. */
export function encodeAnswer({ status, headers, body }: StoredAnswer): Buffer {
  const head = Buffer.from(JSON.stringify({ status, headers } satisfies RecordHead));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return Buffer.concat([length, head, body]);
}

export function decodeAnswer(bytes: Buffer): StoredAnswer {
  const end = 4 + bytes.readUInt32LE(0);
  const { status, headers } = JSON.parse(bytes.toString('utf8', 4, end)) as RecordHead;
  return { status, headers, body: bytes.subarray(end) };
}

/** Stands for an answer that was too long to be kept: the call was made and must not be made again. */
export const NOT_KEPT = Buffer.alloc(0);
