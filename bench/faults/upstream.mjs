import http from 'node:http';

/** The header in which the load names its calls. */
export const CALL_HEADER = 'x-call';

const body = JSON.stringify({ data: 'x'.repeat(180) });

/** An upstream that takes up to `slowestMs` for an answer and remembers which request ids it has seen for which call. */
export async function startUpstream(random) {
  const upstream = { served: new Map(), slowestMs: 20 };
  const server = http.createServer(({ headers }, response) => {
    const call = headers[CALL_HEADER];
    const ids = upstream.served.get(call) ?? [];
    upstream.served.set(call, [...ids, headers['x-tollgate-request-id']]);
    setTimeout(() => response.end(body), random.between(0, upstream.slowestMs));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  upstream.origin = `http://127.0.0.1:${server.address().port}`;
  upstream.stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return upstream;
}
