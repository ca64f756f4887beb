import fs from 'node:fs';
import path from 'node:path';
import type { PlanDefinition } from '#domain';
import { armFault } from '#faults';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentedVersion } from '../../support/documented-version.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';
import { RawConnection } from '../../support/raw-http.js';

const definition: Partial<PlanDefinition> = {
  quotas: [{ name: 'monthly', meter: 'requests', limit: 1_000, enforcement: 'hard' }],
  concurrency: { limit: 100 },
};
const journal = { maxSegmentBytes: 1, retryMs: 20 };

let under: GatewayUnderTest;
beforeEach(async () => {
  under = await startGatewayUnderTest({ definition }, { journal, streams: { checkpointMs: 55_000, reviewMs: 20 } });
});
afterEach(() => under.dispose());

/** The journal can write nothing while a folder is where its next segment would be. */
function breakJournal(): () => void {
  const sealed = fs.readdirSync(under.folder).filter((name) => /\.(sealed|open)$/.test(name)).length;
  const place = path.join(under.folder, `000000000${under.gateway.epoch}-${String(sealed + 1).padStart(10, '0')}.open`);
  fs.mkdirSync(place);
  return () => fs.rmdirSync(place);
}

async function received(method: string): Promise<string> {
  const connection = await RawConnection.open(under.origin);
  connection.send(
    `${method} ${under.catalog.version.basePath}/things HTTP/1.1`,
    'host: a',
    `x-api-key: ${under.consumer.key}`,
    '',
    '',
  );
  return connection.untilClosed();
}

describe('the last byte of an answer', () => {
  it('leaves after the event is in the journal, for each of many at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 64 }, async () => {
        const { headers } = await under.call('/things');
        const ids = (await under.events()).map(({ id }) => id);
        return ids.includes(String(headers['tollgate-request-id']));
      }),
    );
    expect(answers.every(Boolean)).toBe(true);
  });

  it.each<[string, string, (chunked: boolean) => void, RegExp]>([
    ['a body of known length', 'GET', () => under.upstream.answer(200, 'x'.repeat(200)), /^$/],
    ['a long body of known length', 'GET', () => under.upstream.answer(200, 'x'.repeat(300_000)), /^HTTP\/1\.1 200 OK/],
    [
      'a chunked body',
      'GET',
      () => under.upstream.handle((_, response) => response.writeHead(200).end('abc')),
      /\r\n\r\n3\r\nabc\r\n$/,
    ],
    ['an answer without a body', 'GET', () => under.upstream.answer(204, ''), /^$/],
    ['an empty body', 'GET', () => under.upstream.answer(200, ''), /^$/],
    ['an unchanged document', 'GET', () => under.upstream.handle((_, response) => response.writeHead(304).end()), /^$/],
    ['an answer to HEAD', 'HEAD', () => under.upstream.answer(200, 'abc'), /^$/],
  ])('never leaves when the event cannot be written: %s', async (_name, method, answerWith, partial) => {
    answerWith(true);
    const repair = breakJournal();
    const bytes = await received(method);
    expect(bytes).toMatch(partial);
    expect(bytes.length).toBeLessThan(300_000);
    repair();
    expect(await under.events()).toEqual([]);
  });

  it('is followed by 503 for everybody while nothing can be recorded, and by service again afterwards', async () => {
    const repair = breakJournal();
    await received('GET');
    const answer = await under.call('/things');
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toMatchObject({ code: 'journal_unavailable' });
    expect(under.upstream.requests).toHaveLength(1);
    repair();
    const healthy = await eventually(
      () => under.call('/things'),
      ({ status }) => status === 200,
    );
    expect(healthy.headers['ratelimit']).toMatch(/^"monthly";r=999;/);
    expect(await under.events()).toHaveLength(1);
  });
});

describe('an answer whose event is written, and then refused by a sync of the disk', () => {
  afterEach(() => armFault(null));

  it('does not leave, and what it has used stays used, as its event is still counted', async () => {
    await under.dispose();
    const quotas = [{ name: 'monthly', meter: 'requests', limit: 10, enforcement: 'hard' }] as const;
    under = await startGatewayUnderTest(
      { definition: { quotas } },
      { journalSync: 'strict', journal: { retryMs: 20 } },
    );
    armFault('fdatasync.before:throw');
    expect(await received('GET')).toBe('');
    const answer = await eventually(
      () => under.call('/things'),
      ({ status }) => status === 200,
    );
    expect(answer.headers['ratelimit']).toMatch(/^"monthly";r=8;/);
    expect(await under.events()).toMatchObject([{ countsToQuota: true }, { countsToQuota: true }]);
  });
});

describe('an answer that is not the upstream’s', () => {
  it.each(['mocked', 'cached'] as const)(
    'does not leave either when its event cannot be written, and gives back what it took: %s',
    async (kind) => {
      await under.dispose();
      const paths = { '/things': { get: { operationId: 'listThings', responses: { 204: { description: '' } } } } };
      const cache = { routes: [{ selector: '*', scope: 'consumer', maxBodyBytes: 1_000 }] } as const;
      const version =
        kind === 'cached'
          ? { policies: { cache } }
          : { ...documentedVersion({ paths }, { mock: { for: 'all' } }), upstream: null };
      under = await startGatewayUnderTest(
        { version, definition: { ...definition, concurrency: { limit: 1 } } },
        { journal },
      );
      under.upstream.answer(200, 'kept', {
        date: under.database.clock.now().toUTCString(),
        'cache-control': 'max-age=60',
      });
      // The cache keeps answers by host: the one that is asked for below.
      const ask = () => under.call('/things', { headers: { host: 'a' } });
      const before = await ask();
      const left = () => Number(/"monthly";r=(\d+)/.exec(String(before.headers['ratelimit']))?.[1]);
      const repair = breakJournal();
      expect(await received('GET')).toBe('');
      repair();
      const healthy = await eventually(ask, ({ status }) => status === before.status);
      if (kind === 'cached') expect(String(healthy.headers['cache-status'])).toMatch(/hit/);
      expect(healthy.headers['ratelimit']).toMatch(new RegExp(`^"monthly";r=${left() - (kind === 'cached' ? 1 : 0)};`));
    },
  );
});

describe('an answer that takes long', () => {
  it('breaks off when a row of it cannot be written', async () => {
    const { clock } = under.database;
    under.upstream.handle((_request, response) => response.writeHead(200).write('data: 1\n\n'));
    const connection = await RawConnection.open(under.origin);
    connection.send(
      `GET ${under.catalog.version.basePath}/things HTTP/1.1`,
      'host: a',
      `x-api-key: ${under.consumer.key}`,
      '',
      '',
    );
    await connection.until('data: 1');
    const repair = breakJournal();
    clock.moveTo(clock.nowMs() + 60_000);
    expect(await connection.untilClosed()).not.toMatch(/0\r\n\r\n$/);
    repair();
    expect(await under.events()).toEqual([]);
  });
});
