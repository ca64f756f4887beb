import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Inbox } from './inbox.js';
import { inboxPage } from './inbox-page.js';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Mails are strangers' HTML: shown without script, without forms and without loading anything. */
const NO_SCRIPT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The inbox over HTTP: `/messages`, `/messages/{id}`, and a page to read it at `/`. For the same machine only. */
export function createHttp(inbox: Inbox, containerName?: string): Server {
  return createServer((request, response) => {
    const { status, headers, body } = isFromHere(request, containerName) ? answer(inbox, request) : refuseOutsider();
    response.writeHead(status, {
      ...headers,
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
}

/**
 * Whether the request comes from this machine and was meant for it: a web page elsewhere that lets its own name resolve
 * to 127.0.0.1 sends that name as `Host`.
 */
function isFromHere(request: IncomingMessage, containerName: string | undefined): boolean {
  const address = request.socket.remoteAddress ?? '';
  const isLoopback = address === '::1' || /^(::ffff:)?127\./.test(address);
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (containerName !== undefined && host === containerName) return true;
  return isLoopback && LOOPBACK_NAMES.has(host);
}

function refuseOutsider(): Answer {
  return problem(403, 'not_from_here', 'The mail inbox can only be read on the machine that it runs on.');
}

function answer(inbox: Inbox, request: IncomingMessage): Answer {
  const [path = '/'] = (request.url ?? '/').split('?');
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
  if (path === '/messages') {
    if (method === 'GET') return json(200, { messages: inbox.list() });
    if (method !== 'DELETE') return notAllowed('GET, HEAD, DELETE');
    inbox.clear();
    return { status: 204, headers: {}, body: '' };
  }
  const [, id, form] = /^\/messages\/(\d+)(\/html)?$/.exec(path) ?? [];
  if (path !== '/' && id === undefined)
    return problem(404, 'not_found', 'There is nothing here. Mails are at /messages.');
  if (method !== 'GET') return notAllowed('GET, HEAD');
  if (id === undefined) return page(inboxPage(inbox.list()));
  const message = inbox.find(id);
  if (message === undefined) return problem(404, 'message_not_found', `There is no mail ${id}, or no longer.`);
  if (form === undefined) return json(200, message);
  if (message.html === null) return problem(404, 'no_html', `The mail ${id} is plain text only.`);
  return page(message.html);
}

function page(body: string): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': NO_SCRIPT },
    body,
  };
}

function json(status: number, value: unknown): Answer {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) };
}

function notAllowed(allow: string): Answer {
  const refusal = problem(405, 'method_not_allowed', `This resource has ${allow}.`);
  return { ...refusal, headers: { ...refusal.headers, Allow: allow } };
}

function problem(status: number, code: string, detail: string): Answer {
  const body = JSON.stringify({ type: 'about:blank', status, code, detail });
  return { status, headers: { 'Content-Type': 'application/problem+json' }, body };
}
