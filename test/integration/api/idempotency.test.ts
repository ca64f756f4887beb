import { type Transaction, UnitOfWork } from '#persistence';
import { claimIdempotentRequest } from '#services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { type Person, RunningApi } from './running-api.js';

const MINUTE_MS = 60_000;

/** Loses its connection once, before a statement that matches. */
class BreakingUnitOfWork extends UnitOfWork {
  breakBefore: RegExp | null = null;

  override inSystem<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return super.inSystem((transaction) =>
      work({
        ...transaction,
        query: async <Row>(sql: string, parameters: readonly unknown[] = []) => {
          if (this.breakBefore?.test(sql)) {
            this.breakBefore = null;
            await transaction.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
          }
          return transaction.query<Row>(sql, parameters);
        },
      }),
    );
  }
}

describe('requests that come again with their Idempotency-Key', () => {
  let database: TestDatabase;
  let unitOfWork: BreakingUnitOfWork;
  let api: RunningApi;
  let ada: Person;
  let bob: Person;
  /** Where each makes keys of their application: their names need not differ, so that nothing else refuses a second one. */
  const keysOf = new Map<Person, string>();
  let keys = 0;
  let key: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    unitOfWork = new BreakingUnitOfWork(database.dataSource);
    api = await RunningApi.start({ ...database, context: { ...database.context, unitOfWork } });
    [ada, bob] = [await api.signUp('Ada'), await api.signUp('Bob')];
    for (const person of [ada, bob]) {
      const address = `/api/v1/organizations/${person.organizationId}/applications`;
      const { body } = await api.call<{ id: string }>(address, { as: person, body: { name: 'Mine' } });
      keysOf.set(person, `${address}/${body.id}/credentials`);
    }
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });
  beforeEach(() => {
    keys += 1;
    key = `key-${keys}`;
  });
  afterEach(() => {
    unitOfWork.breakBefore = null;
  });

  const post = <Body>(address: string, as: Person, body: unknown, idempotencyKey = key) =>
    api.call<Body & { code?: string }>(address, { as, body, headers: { 'idempotency-key': idempotencyKey } });
  const create = (as: Person, name: string, idempotencyKey = key) =>
    post<{ key: string; credential: { id: string } }>(keysOf.get(as)!, as, { name, mode: 'live' }, idempotencyKey);
  const countNamed = async (name: string) => {
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ count: number }>('SELECT count(*)::integer AS count FROM credential WHERE name = $1', [name]),
    );
    return row!.count;
  };

  it('are answered as the first time, and nothing is done twice', async () => {
    const first = await create(ada, 'Once');
    expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([201, null]);
    const again = await create(ada, 'Once');
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect((await create(ada, 'Once', `"${key}"`)).text).toBe(first.text);
    expect(await countNamed('Once')).toBe(1);
    expect((await create(ada, 'Once', 'another')).status).toBe(201);
    expect(await countNamed('Once')).toBe(2);
  });

  it('get a key that is shown once again, of which nothing is stored in the clear', async () => {
    const issued = await create(ada, 'Shown once');
    expect(issued.status).toBe(201);
    expect((await create(ada, 'Shown once')).body.key).toBe(issued.body.key);
    const stored = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<object>(
        'SELECT row_to_json(idempotency_record)::text AS row, ciphertext FROM idempotency_record',
      ),
    );
    expect(stored.length).toBeGreaterThan(1);
    const hexOf = (text: string) => Buffer.from(text).toString('hex');
    for (const one of stored as { row: string; ciphertext: Buffer }[]) {
      for (const secret of [issued.body.key, issued.body.key.slice(-20), key]) {
        expect(one.row).not.toContain(secret);
        expect(one.row).not.toContain(hexOf(secret));
      }
      expect(one.ciphertext.includes('tg_live')).toBe(false);
    }
  });

  it('must be the same requests', async () => {
    await create(ada, 'First');
    expect(await create(ada, 'Second')).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    const elsewhere = await post('/api/v1/access-tokens', ada, { name: 'First' });
    expect(elsewhere).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(await countNamed('Second')).toBe(0);
  });

  it('are of one person: the key of another is another', async () => {
    const mine = await create(ada, 'Same name');
    const theirs = await create(bob, 'Same name');
    expect([theirs.status, theirs.headers.get('idempotency-replayed')]).toEqual([201, null]);
    expect(theirs.body.key).not.toBe(mine.body.key);
    const foreign = await post(keysOf.get(bob)!, ada, { name: 'Same name', mode: 'live' }, 'foreign');
    expect(foreign.status).toBe(404);
  });

  it('are done once when many come at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => create(ada, 'Twins')));
    expect(await countNamed('Twins')).toBe(1);
    const made = answers.filter(({ status }) => status === 201);
    expect(made.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
    const [{ body }] = made as [(typeof made)[0]];
    for (const answer of answers) {
      if (answer.status === 201) expect(answer.body.key).toBe(body.key);
      else {
        expect(answer).toMatchObject({ status: 409, body: { code: 'idempotency_key_in_use' } });
        expect(answer.headers.get('retry-after')).toBe('2');
      }
    }
    expect((await create(ada, 'Twins')).body.key).toBe(body.key);
  });

  it('may be mended when they were refused', async () => {
    expect((await create(ada, '')).status).toBe(400);
    expect((await create(ada, 'Mended')).status).toBe(201);
    expect((await create(ada, 'Mended')).headers.get('idempotency-replayed')).toBe('true');
  });

  it.each(['', 'two words', '"open', 'x'.repeat(300)])('need a key that is one: %j', async (malformed) => {
    expect(await create(ada, 'Malformed', malformed)).toMatchObject({
      status: 400,
      body: { code: 'idempotency_key_malformed' },
    });
    expect(await countNamed('Malformed')).toBe(0);
  });

  it('are not done again when the answer was lost between the change and its record', async () => {
    const startMs = database.clock.nowMs();
    unitOfWork.breakBefore = /UPDATE idempotency_record/;
    expect((await create(ada, 'Lost')).status).toBe(500);
    expect(await countNamed('Lost')).toBe(1);
    expect(await create(ada, 'Lost')).toMatchObject({ status: 409, body: { code: 'idempotency_key_in_use' } });
    database.clock.moveTo(new Date(startMs + 3 * MINUTE_MS).toISOString());
    const later = await create(ada, 'Lost');
    expect(later).toMatchObject({ status: 409, body: { code: 'idempotency_outcome_unknown' } });
    expect(later.headers.get('retry-after')).toBeNull();
    expect(await countNamed('Lost')).toBe(1);
  });

  it('are not done again when the process died before the change, and nobody can know that', async () => {
    const body = JSON.stringify({ name: 'Died', mode: 'live' });
    const request = { userId: ada.userId, key, method: 'POST', address: keysOf.get(ada)!, body: Buffer.from(body) };
    expect(await claimIdempotentRequest(database.context, request, [])).toMatchObject({ kind: 'first' });
    expect((await create(ada, 'Died')).body.code).toBe('idempotency_key_in_use');
    database.clock.moveTo(new Date(database.clock.nowMs() + 3 * MINUTE_MS).toISOString());
    expect((await create(ada, 'Died')).body.code).toBe('idempotency_outcome_unknown');
    expect((await create(ada, 'Died', `${key}-2`)).status).toBe(201);
    expect(await countNamed('Died')).toBe(1);
  });

  it('begin anew after a day, and leave nothing behind', async () => {
    await create(ada, 'Old');
    database.clock.moveTo(new Date(database.clock.nowMs() + 24 * 60 * MINUTE_MS).toISOString());
    const anew = await create(ada, 'Old');
    expect([anew.status, anew.headers.get('idempotency-replayed')]).toEqual([201, null]);
    const [row] = await database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ count: number }>('SELECT count(*)::integer AS count FROM idempotency_record'),
    );
    expect(row!.count).toBe(1);
  });
});
