import fs from 'node:fs';
import type { ServerResponse } from 'node:http';
import http from 'node:http';
import type { ConcurrencyDefinition } from '#domain';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../../apps/gateway/src/gateway.server.js';
import { aCredential } from '../../support/factories.js';
import { type GatewayUnderTest, call, gatewayOptions, startGatewayUnderTest } from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';

let under: GatewayUnderTest;
/** Answers of the upstream that wait to be given. */
let held: ServerResponse[];
afterEach(() => under.dispose());

async function withConcurrency(concurrency: ConcurrencyDefinition): Promise<void> {
  under = await startGatewayUnderTest({ definition: { concurrency } });
  held = [];
  under.upstream.handle((_, response) => void held.push(response));
}

const reached = (count: number) =>
  eventually(
    () => held.length,
    (length) => length === count,
  );
const letAllEnd = () => held.splice(0).forEach((response) => response.end('{}'));
/** True when a call is admitted; it is answered at once then. */
async function isAdmitted(key = under.consumer.key): Promise<boolean> {
  const answer = under.call('/things', { key });
  const before = held.length;
  const first = await Promise.race([answer, eventually(() => held.length > before, Boolean)]);
  if (first !== true) return false;
  held.pop()!.end('{}');
  return (await answer).status === 200;
}

describe('a concurrency limit', () => {
  it('refuses what would be one too many, and lets the next in when a call has ended', async () => {
    await withConcurrency({ limit: 2 });
    const calls = [under.call('/things'), under.call('/things')];
    await reached(2);
    const refused = await under.call('/things');
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.json()).toMatchObject({ code: 'concurrency_limit_exceeded', 'violated-policies': ['concurrency'] });
    letAllEnd();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await isAdmitted()).toBe(true);
    expect(await under.events()).toHaveLength(3);
  });

  it('counts a call out once, however it ends', async () => {
    await withConcurrency({ limit: 1 });
    const endings: Record<string, () => Promise<unknown>> = {
      delivered: async () => {
        const answer = under.call('/things');
        await reached(1);
        letAllEnd();
        return answer;
      },
      'client gone before the head': async () => {
        const request = http.get(`${under.url}/things`, { headers: { 'x-api-key': under.consumer.key } });
        request.on('error', () => undefined);
        await reached(1);
        request.destroy();
        held.length = 0;
      },
      'client gone in the body': async () => {
        const request = http.get(`${under.url}/things`, { headers: { 'x-api-key': under.consumer.key } });
        request.on('error', () => undefined);
        await reached(1);
        const head = new Promise<void>((resolve) => request.on('response', () => resolve()));
        held[0]!.writeHead(200, { 'content-length': '100' });
        held[0]!.write('{');
        await head;
        request.destroy();
        held.length = 0;
      },
      'upstream broken before the head': async () => {
        const answer = under.call('/things');
        await reached(1);
        held.pop()!.destroy();
        return answer;
      },
      'upstream broken in the body': async () => {
        const answer = under.call('/things').catch(() => undefined);
        await reached(1);
        held[0]!.writeHead(200, { 'content-length': '100' });
        held[0]!.write('{', () => held.pop()!.destroy());
        return answer;
      },
      'refused for another reason': () => under.call('/things', { method: 'PATCH' }),
    };
    for (const [name, end] of Object.entries(endings)) {
      await end();
      await eventually(isAdmitted, Boolean).catch(() => expect.fail(`still counted after: ${name}`));
      const second = under.call('/things');
      await reached(1);
      expect((await under.call('/things')).status, `counted out twice after: ${name}`).toBe(429);
      letAllEnd();
      await second;
    }
  });

  it('counts by key when the plan says so', async () => {
    await withConcurrency({ limit: 1, scope: 'key' });
    const { key } = await aCredential(under.database, { application: under.consumer.application });
    await under.sync();
    const first = under.call('/things');
    await reached(1);
    expect(await isAdmitted()).toBe(false);
    expect(await isAdmitted(key)).toBe(true);
    letAllEnd();
    await first;
  });

  it('is shared out among the gateways that run, rounded up', async () => {
    await withConcurrency({ limit: 3 });
    const options = gatewayOptions(under.database, { gatewayId: 'gateway-2' });
    const second = await startGateway(options);
    try {
      const other = `http://127.0.0.1:${second.port}${under.catalog.version.basePath}/things`;
      await eventually(async () => {
        const answers = [under.call('/things'), under.call('/things'), under.call('/things')];
        await eventually(() => held.length >= 2, Boolean);
        const refused = await Promise.race([
          Promise.any(
            answers.map(async (answer) => ((await answer).status === 429 ? true : Promise.reject(new Error()))),
          ),
          eventually(() => held.length === 3, Boolean).then(() => false),
        ]);
        letAllEnd();
        await Promise.all(answers);
        return refused;
      }, Boolean);
      const calls = [1, 2, 3].map(() => call(other, { key: under.consumer.key }));
      await reached(2);
      letAllEnd();
      expect((await Promise.all(calls)).map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([
        200, 200, 429,
      ]);
    } finally {
      await second.stop();
      fs.rmSync(options.journalFolder, { recursive: true, force: true });
    }
  });
});
