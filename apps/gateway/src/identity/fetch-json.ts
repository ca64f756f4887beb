import { type Dispatcher, request } from 'undici';

const maxBytes = 512 * 1024;
const withinMs = 5_000;

/**
 * Reads a small JSON document. Redirects are not followed, as they would lead past what the dispatcher checks. Plain HTTP
 * only where private networks are allowed.
 */
export async function fetchJson(url: string, dispatcher: Dispatcher, allowsPlain: boolean): Promise<unknown> {
  if (!allowsPlain && new URL(url).protocol !== 'https:') throw new Error(`${url} does not begin with https://`);
  const { statusCode, body } = await request(url, { dispatcher, signal: AbortSignal.timeout(withinMs) });
  if (statusCode !== 200) {
    await body.dump();
    throw new Error(`${url} answered with status ${statusCode}`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`${url} answered with more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
