// http-proxy behind node:http, with the key check and the limit in memory: no log, no metering. By default http-proxy
// opens a connection for each call; KEEP_ALIVE gives it an agent that keeps them.
import http from 'node:http';
import httpProxy from 'http-proxy';
import { minuteLimit, readKeys } from './read-keys.mjs';

const { PORT, UPSTREAM, KEYS, KEEP_ALIVE } = process.env;
const consumers = readKeys(KEYS);
const isWithin = minuteLimit(6_000);
const proxy = httpProxy.createProxyServer({
  target: UPSTREAM,
  ...(KEEP_ALIVE && { agent: new http.Agent({ keepAlive: true, maxSockets: Infinity }) }),
  xfwd: true,
});
proxy.on('error', (_error, _request, response) => response.writeHead(502).end());

http
  .createServer((request, response) => {
    const consumer = consumers.get(request.headers['x-api-key']);
    if (!consumer) return response.writeHead(401).end();
    if (!isWithin(consumer)) return response.writeHead(429).end();
    delete request.headers['x-api-key'];
    request.headers['x-consumer-id'] = consumer;
    proxy.web(request, response);
  })
  .listen(Number(PORT), '127.0.0.1');
