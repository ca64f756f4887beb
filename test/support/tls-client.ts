import http2, { type ClientHttp2Session, type IncomingHttpHeaders, type SecureClientSessionOptions } from 'node:http2';
import https from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import type { Answer, CallOptions } from './gateway.js';

/** How a test calls over TLS. */
export interface TlsCallOptions extends CallOptions {
  readonly protocol: 'http/1.1' | 'h2';
  readonly tls: ConnectionOptions;
}

/** Calls an https address and reads the whole answer; rejects when it breaks off before its end. */
export function callTls(url: string, { protocol, ...options }: TlsCallOptions): Promise<Answer> {
  return protocol === 'h2' ? callHttp2(url, options) : callHttp1(url, options);
}

function callHttp1(url: string, options: Omit<TlsCallOptions, 'protocol'>): Promise<Answer> {
  const { method = 'GET', body, tls } = options;
  return new Promise((resolve, reject) => {
    const request = https.request(url, { ...tls, method, headers: fieldsOf(options), agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve(answerOf(response.statusCode!, response.headers, chunks)));
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function callHttp2(url: string, options: Omit<TlsCallOptions, 'protocol'>): Promise<Answer> {
  const session = await connectHttp2(url, options.tls);
  try {
    return await requestHttp2(session, new URL(url), options);
  } finally {
    session.close();
  }
}

/** A session that is connected. */
export function connectHttp2(
  url: string,
  tls: ConnectionOptions & Pick<SecureClientSessionOptions, 'settings'>,
): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(url, { ...tls, ALPNProtocols: ['h2'] }, () => resolve(session));
    session.once('error', reject);
  });
}

/** One request of a session. */
export function requestHttp2(
  session: ClientHttp2Session,
  { pathname, search }: Pick<URL, 'pathname' | 'search'>,
  options: CallOptions,
): Promise<Answer> {
  const { method = 'GET', body } = options;
  return new Promise((resolve, reject) => {
    const stream = session.request({ ...fieldsOf(options), ':method': method, ':path': pathname + search });
    let head: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    stream.on('response', (headers) => (head = headers));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('close', () => {
      if (stream.rstCode !== 0) return reject(new Error(`the stream was reset with ${stream.rstCode}`));
      resolve(answerOf(Number(head[':status']), head, chunks));
    });
    stream.end(body);
  });
}

function fieldsOf({ key, headers = {} }: CallOptions): Record<string, string | string[]> {
  const own = key === undefined ? {} : { 'x-api-key': key };
  const given = Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]);
  return { ...own, ...(Object.fromEntries(given) as Record<string, string | string[]>) };
}

function answerOf(status: number, headers: Answer['headers'], chunks: readonly Buffer[]): Answer {
  const body = Buffer.concat(chunks).toString('utf8');
  return { status, headers, body, json: () => JSON.parse(body) as Record<string, unknown> };
}
