import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ApiAnswer } from './api-answer.js';

/** Sends `answer`; a HEAD request gets the same head and no content. Resolves when all is handed to the socket. */
export async function writeAnswer(response: ServerResponse, answer: ApiAnswer, isHead: boolean): Promise<void> {
  switch (answer.kind) {
    case 'empty':
      response.writeHead(answer.status, answer.headers).end();
      return;
    case 'json':
      writeContent(response, answer.status, Buffer.from(JSON.stringify(answer.body)), isHead, {
        'Content-Type': 'application/json',
        ...answer.headers,
      });
      return;
    case 'bytes':
      writeContent(response, answer.status, answer.body, isHead, answer.headers);
      return;
    case 'lines':
      response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
      if (!isHead) await writeLines(response, answer.lines);
      response.end();
      return;
  }
}

function writeContent(
  response: ServerResponse,
  status: number,
  content: Buffer,
  isHead: boolean,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { ...headers, 'Content-Length': content.byteLength });
  response.end(isHead ? undefined : content);
}

async function writeLines(response: ServerResponse, lines: AsyncIterable<unknown>): Promise<void> {
  for await (const line of lines) {
    // A reader that has gone makes no room any more.
    if (response.destroyed) return;
    if (!response.write(`${JSON.stringify(line)}\n`)) {
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
  }
}
