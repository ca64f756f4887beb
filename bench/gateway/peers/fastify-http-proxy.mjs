// @fastify/http-proxy with the key check and the limit in memory: no log, no metering.
import proxy from '@fastify/http-proxy';
import fastify from 'fastify';
import { minuteLimit, readKeys } from './read-keys.mjs';

const { PORT, UPSTREAM, KEYS } = process.env;
const consumers = readKeys(KEYS);
const isWithin = minuteLimit(6_000);

const app = fastify();
app.register(proxy, {
  upstream: UPSTREAM,
  preHandler(request, reply, next) {
    const consumer = consumers.get(request.headers['x-api-key']);
    if (!consumer) return reply.code(401).send();
    if (!isWithin(consumer)) return reply.code(429).send();
    request.consumer = consumer;
    next();
  },
  replyOptions: {
    rewriteRequestHeaders(request, { 'x-api-key': _key, ...headers }) {
      return { ...headers, 'x-consumer-id': request.consumer };
    },
  },
});
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
