import http, { type Server } from 'node:http';
import type { GatewayMetrics } from './gateway-metrics.js';
import type { Readiness } from './readiness.js';

/**
 * Health and metrics, on a port of their own. `/livez` (and `/healthz`): the process answers. `/readyz`: calls may be sent
 * here, else 503 with the reasons. `/metrics`: for Prometheus.
 */
export function createAdminServer(readiness: () => Readiness, metrics: GatewayMetrics): Server {
  return http.createServer((request, response) => {
    const answer = (status: number, contentType: string, body: string): void => {
      response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
    };
    switch (request.url?.split('?', 1)[0]) {
      case '/livez':
      case '/healthz':
        return answer(200, 'text/plain', 'ok\n');
      case '/readyz': {
        const state = readiness();
        return answer(state.isReady ? 200 : 503, 'application/json', `${JSON.stringify(state)}\n`);
      }
      case '/metrics':
        metrics.text().then(
          (text) => answer(200, metrics.contentType, text),
          () => answer(500, 'text/plain', 'failed\n'),
        );
        return;
      default:
        return answer(404, 'text/plain', 'Ask for /livez, /readyz or /metrics.\n');
    }
  });
}
