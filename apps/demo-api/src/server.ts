import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ApiProblem } from './http/api-problem.js';
import type { ApiAnswer } from './http/api-answer.js';
import { createRouter, type Router } from './http/router.js';
import { writeAnswer } from './http/write-answer.js';
import { ROUTES } from './routes.js';

/** Longer than gateways keep idle connections, so that none closes one just as it is used again. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** The Atlas API as an HTTP server that does not listen yet. It keeps no state and needs nothing but its data packages. */
export function createDemoApi(): Server {
  const router = createRouter(ROUTES);
  const server = createServer((request, response) => {
    const caller = new AbortController();
    response.once('close', () => caller.abort());
    void serve(router, request, response, caller.signal);
  });
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  return server;
}

async function serve(
  router: Router,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const isHead = request.method === 'HEAD';
  try {
    await writeAnswer(response, await answer(router, request, signal), isHead);
  } catch (error) {
    // The caller has gone, or the head was sent: there is nobody to tell, and a cut answer must look cut.
    if (signal.aborted || response.headersSent) {
      response.destroy();
      return;
    }
    await writeAnswer(response, problemAnswer(error, request), isHead);
  }
}

async function answer(router: Router, request: IncomingMessage, signal: AbortSignal): Promise<ApiAnswer> {
  const { pathname, searchParams } = targetOf(request);
  const match = router(request.method ?? 'GET', pathname);
  switch (match.kind) {
    case 'found': {
      const { headers } = request;
      return match.route.handle({ path: match.path, query: searchParams, headers, body: request, signal });
    }
    case 'other-method': {
      const allow = match.allow.join(', ');
      if (request.method === 'OPTIONS') return { kind: 'empty', status: 204, headers: { Allow: allow } };
      const detail = `This resource does not have the method ${request.method}. It has ${allow}.`;
      return withHeader(problemAnswer(new ApiProblem(405, 'method_not_allowed', detail), request), 'Allow', allow);
    }
    case 'not-found':
      throw new ApiProblem(404, 'not_found', `There is nothing at ${pathname}. The API is below /v1 and /v2.`);
  }
}

function targetOf(request: IncomingMessage): URL {
  const target = request.url ?? '/';
  // Put after an origin rather than resolved against one: "//host/path" is a path here.
  const url = target.startsWith('/') ? `http://atlas${target}` : target;
  if (!URL.canParse(url)) throw new ApiProblem(400, 'malformed_target', 'The request target is not a valid path.');
  return new URL(url);
}

function problemAnswer(error: unknown, request: IncomingMessage): ApiAnswer {
  const problem =
    error instanceof ApiProblem ? error : new ApiProblem(500, 'internal_error', 'Atlas failed to answer.');
  if (!(error instanceof ApiProblem)) console.error(`demo-api: ${request.method} ${request.url} failed:`, error);
  const headers = {
    'Content-Type': 'application/problem+json',
    // The rest of a body that is too large is not waited for.
    ...(problem.status === 413 && !request.complete && { Connection: 'close' }),
  };
  return { kind: 'json', status: problem.status, body: problem.toDocument(), headers };
}

function withHeader(problem: ApiAnswer, name: string, value: string): ApiAnswer {
  return problem.kind === 'json' ? { ...problem, headers: { ...problem.headers, [name]: value } } : problem;
}
