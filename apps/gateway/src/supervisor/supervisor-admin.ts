import http, { type Server } from 'node:http';
import { mergeMetrics } from './merge-metrics.js';
import type { Member } from './member.js';

const askWithinMs = 2_000;

/**
 * Health and metrics of all gateway processes on one port. `/readyz` is 200 while at least one of them is ready, and has
 * what each says; `/metrics` has the figures of all, told apart by the label `gateway`.
 */
export function createSupervisorAdmin(host: string, members: () => readonly Member[]): Server {
  const ask = async (member: Member, path: string): Promise<{ status: number; text: string } | null> => {
    try {
      const address = `http://${host}:${member.adminPort}${path}`;
      const answer = await fetch(address, { signal: AbortSignal.timeout(askWithinMs) });
      return { status: answer.status, text: await answer.text() };
    } catch {
      return null;
    }
  };
  const askAll = (path: string) =>
    Promise.all(
      members()
        .filter(({ adminPort }) => adminPort > 0)
        .map(async (member) => ({
          gateway: member.gatewayId,
          pid: member.worker.process.pid,
          answer: await ask(member, path),
        })),
    );

  const answers: Readonly<Record<string, () => Promise<[status: number, contentType: string, body: string]>>> = {
    '/livez': async () => [200, 'text/plain', 'ok\n'],
    '/healthz': async () => [200, 'text/plain', 'ok\n'],
    '/readyz': async () => {
      const all = await askAll('/readyz');
      const gateways = all.map(({ gateway, pid, answer }) => ({
        gateway,
        pid,
        ...(answer && (JSON.parse(answer.text) as object)),
      }));
      const isReady = all.some(({ answer }) => answer?.status === 200);
      return [isReady ? 200 : 503, 'application/json', `${JSON.stringify({ isReady, gateways })}\n`];
    },
    '/metrics': async () => {
      const all = await askAll('/metrics');
      const known = all.flatMap(({ gateway, answer }) => (answer ? [{ gateway, text: answer.text }] : []));
      return [200, 'text/plain; version=0.0.4; charset=utf-8', mergeMetrics(known)];
    },
  };

  return http.createServer((request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    const answer = Object.hasOwn(answers, path) ? answers[path]! : null;
    const reply = ([status, contentType, body]: readonly [number, string, string]): void => {
      response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
    };
    if (!answer) return reply([404, 'text/plain', 'Ask for /livez, /readyz or /metrics.\n']);
    answer().then(reply, () => reply([500, 'text/plain', 'failed\n']));
  });
}
