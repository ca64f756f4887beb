import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { GatewayCore } from '../../gateway-core.js';
import { type DecisionWaiter, decide } from '../decide.js';
import type { DecisionBook } from '../decision-book.js';
import type { DescribedCall } from '../described-call.js';
import { DoorSecret, SECRET_FIELD } from '../door-secret.js';
import { REPORTS, takeReports } from '../reports/report-endpoint.js';
import { ENVOY_PREFIX, envoyWaiter, readEnvoyCheck } from './envoy-check.js';
import { NGINX_ANSWER, NGINX_CHECK, nginxWaiter, readNginxAnswer, readNginxCheck } from './nginx-check.js';

/** Longer than proxies keep connections that are idle, so that none of them asks on one that we are closing. */
const keepAliveMs = 3_900_000;
/** A question has the fields of its call, and those of the proxy. */
const maxHeaderBytes = 64 * 1024;

/** Where proxies ask by HTTP whether calls may pass, and say how they ended. */
export function createDecisionServer(gateway: GatewayCore, book: DecisionBook): Server {
  const secret = new DoorSecret(book.options.secret);
  let hasTold = false;
  const options = { maxHeaderSize: maxHeaderBytes, noDelay: true, keepAliveTimeout: keepAliveMs };
  const server = http.createServer(options, (request, response) => {
    try {
      if (gateway.isDraining) response.shouldKeepAlive = false;
      take(request, response);
    } catch (error) {
      // A message of one proxy ends no others.
      gateway.log.error({ err: error }, 'what a proxy has sent could not be taken');
      if (response.headersSent) response.destroy();
      else answer(response, 400, 'This could not be read.\n');
    }
  });
  // Node drops header fields above a count without a word; the pipeline counts them.
  server.maxHeadersCount = 0;
  return server;

  function take(request: IncomingMessage, response: ServerResponse): void {
    if (!secret.opens(request.headers[SECRET_FIELD] as string | undefined))
      return answer(response, 401, `Show the secret (DECISION_SECRET) in the field ${SECRET_FIELD}.\n`);
    const path = request.url!.split('?', 1)[0]!;
    if (path === ENVOY_PREFIX || path.startsWith(`${ENVOY_PREFIX}/`))
      return ask(readEnvoyCheck(request, gateway.trustedForwarding), response, envoyWaiter(response));
    switch (path) {
      case NGINX_CHECK: {
        const call = readNginxCheck(request);
        if (typeof call !== 'string') return ask(call, response, nginxWaiter(response));
        if (!hasTold) gateway.log.warn({ field: call }, 'nginx asks without a field that its configuration must set');
        hasTold = true;
        return answer(response, 400, `The configuration of nginx must set ${call}, once: see docs/guides/mesh.md.\n`);
      }
      case NGINX_ANSWER: {
        const { status, fields, body } = readNginxAnswer(request);
        const length = status === 204 || status === 304 ? [] : ['content-length', String(Buffer.byteLength(body))];
        response.writeHead(status, [...fields, ...length]);
        return void response.end(request.method === 'HEAD' ? undefined : body);
      }
      case REPORTS:
        return takeReports(book, request, response);
      default:
        return answer(response, 404, `Ask at ${ENVOY_PREFIX}/…, ${NGINX_CHECK}, or report at ${REPORTS}.\n`);
    }
  }

  function ask(call: DescribedCall, response: ServerResponse, waiter: DecisionWaiter): void {
    const question = decide(gateway, book, call, waiter);
    response.on('close', () => {
      if (!response.writableFinished) question.giveUp();
    });
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) }).end(text);
}
