import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createClient } from '@clickhouse/client';
import { ArchiveFolder, ClickHouseEventStore, FileEventStore, type RawEventFilter, type RawEventStore } from '#archive';
import { ARCHIVE_COLUMNS } from '#persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  HOW_TO_GET_CLICKHOUSE,
  type TestClickHouse,
  hasClickHouse,
  startClickHouse,
} from '../../support/clickhouse.js';

const day = '2026-02-10';
const [organization, other] = ['0198aaaa-0000-7000-8000-00000000000a', '0198aaaa-0000-7000-8000-00000000000b'];
const stream = 3;

/** What a test can do to a store behind its back. */
interface Ground {
  readonly store: RawEventStore;
  /** Changes one value of what is stored of the day. */
  alter(): Promise<void>;
  /** Takes the day away. */
  lose(): Promise<void>;
  /** Leaves what an attempt to write these rows leaves that is killed in the middle. */
  leaveHalf(rows: Buffer): Promise<void>;
  close(): Promise<void>;
}

const grounds = {
  files: async (): Promise<Ground> => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-store-'));
    const file = path.join(folder, `usage-${day}.copy.zst`);
    return {
      // Blocks so small that every search needs several.
      store: new FileEventStore(new ArchiveFolder(folder, 1_000)),
      alter: async () => {
        const bytes = fs.readFileSync(file);
        bytes[bytes.length >> 1]! ^= 1;
        fs.writeFileSync(file, bytes);
      },
      lose: async () => fs.rmSync(file),
      leaveHalf: async (rows) => fs.writeFileSync(`${file}.writing`, rows.subarray(0, rows.length >> 1)),
      close: async () => fs.rmSync(folder, { recursive: true }),
    };
  },
  clickhouse: async (): Promise<Ground> => {
    const server: TestClickHouse = await startClickHouse();
    const client = createClient({ url: server.url });
    const command = async (query: string) => void (await client.command({ query }));
    await command('DROP TABLE IF EXISTS usage_event');
    return {
      store: ClickHouseEventStore.at(server.url),
      // The engine that is not a server does mutations in the background as well; a row that replaces another is there at once.
      alter: async () => {
        const names = ARCHIVE_COLUMNS.map((name) => (name === 'bytes_out' ? '9 AS bytes_out' : name));
        await command(
          `INSERT INTO usage_event (day, content, ${ARCHIVE_COLUMNS.join(', ')})
           SELECT day, content, ${names.join(', ')} FROM usage_event WHERE day = '${day}' LIMIT 1`,
        );
      },
      lose: () => command(`ALTER TABLE usage_event DROP PARTITION '${day}'`),
      leaveHalf: async (rows) => {
        const lines = rows.toString().split('\n').slice(0, -1);
        const half = lines.slice(0, lines.length >> 1).map((line) => `${day}\t${hashOf(rows)}\t${line}\n`);
        await client.exec({
          query: `INSERT INTO usage_event (day, content, ${ARCHIVE_COLUMNS.join(', ')}) FORMAT TabSeparatedRaw`,
          values: Readable.from(half, { objectMode: false }),
        });
      },
      close: async () => {
        await client.close();
        await server.stop();
      },
    };
  },
} as const;

const hashOf = (rows: Buffer) => createHash('sha256').update(rows).digest('hex');

const idOf = (at: string, index: number) =>
  `${BigInt(Date.parse(`${at}T00:00:00Z`) + index * 1_000)
    .toString(16)
    .padStart(12, '0')
    .replace(/(.{8})/, '$1-')}-7000-8000-000000000000`;

/** Rows as COPY writes them: of two organizations, one request a stream, and what is hard to carry. */
function rowsOf(at: string, calls: number, operation = 'GET /it\'s/"a"/\\\\d+/ü {id}'): Buffer {
  const lines = [organization, other].flatMap((owner) =>
    Array.from({ length: calls }, (_, index) => index).flatMap((index) =>
      (index === stream ? [0, 1, 2] : [0]).map((seq) => {
        const values: Record<string, string> = {
          organization_id: owner,
          id: idOf(at, index),
          seq: String(seq),
          ended_at: '2026-02-10 10:00:00.12+00',
          application_id: `application-${index % 2}`,
          credential_id: `credential-${index % 3}`,
          subscription_id: 'subscription',
          operation,
          quantities: '{"tokens": "0.000000000001", "requests": "12345678901234567890"}',
          overrun: index % 2 ? '{"tokens": "1"}' : '\\N',
          distinct_values: '\\N',
          billable: 't',
        };
        const numbers = ['gateway_epoch', 'segment', 'status', 'attempts', 'bytes_in', 'bytes_out'];
        return ARCHIVE_COLUMNS.map((name) => values[name] ?? (numbers.includes(name) ? '3' : 'x')).join('\t');
      }),
    ),
  );
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

/** In pieces that end in the middle of rows. */
async function* inPieces(rows: Buffer, bytes = 777): AsyncGenerator<Buffer> {
  for (let at = 0; at < rows.length; at += bytes) yield rows.subarray(at, at + bytes);
}

async function textOf(rows: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of rows) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe.each(Object.keys(grounds) as (keyof typeof grounds)[])('raw events in %s', (kind) => {
  const isThere = kind === 'files' || hasClickHouse;
  describe.skipIf(!isThere)(isThere ? 'as in any store' : HOW_TO_GET_CLICKHOUSE, () => {
    const rows = rowsOf(day, 10);
    const read = () => inPieces(rows);
    let ground: Ground;
    beforeAll(async () => {
      ground = await grounds[kind]();
    });
    afterAll(() => ground.close());

    const write = (rows: Buffer, at = day) => ground.store.write(at, ARCHIVE_COLUMNS, () => inPieces(rows));

    it('come back byte for byte and in their order, with what was written down of them', async () => {
      const stored = await ground.store.write(day, ARCHIVE_COLUMNS, read);
      expect(await textOf(ground.store.readDay(stored))).toBe(rows.toString());
      expect(stored).toMatchObject({
        day,
        rowCount: 24,
        contentSha256: hashOf(rows),
        columns: ARCHIVE_COLUMNS,
      });
      expect(stored.bytes).toBeGreaterThan(0);
      await ground.store.check(stored);
    });

    it('are there once, however often writing begins anew after it broke off', async () => {
      const breaking = async function* () {
        yield rows.subarray(0, 5_000);
        throw new Error('the database is gone');
      };
      for (const breakOff of [
        () => ground.leaveHalf(rows),
        () => expect(ground.store.write(day, ARCHIVE_COLUMNS, breaking)).rejects.toThrow('the database is gone'),
      ]) {
        await ground.lose();
        await breakOff();
        await breakOff();
        const stored = await write(rows);
        expect(await textOf(ground.store.readDay(stored))).toBe(rows.toString());
        await ground.store.check(stored);
      }
      const [first, second] = [await write(rows), await write(rows)];
      expect(second).toMatchObject({ sha256: first.sha256, contentSha256: first.contentSha256, rowCount: 24 });
      expect(await textOf(ground.store.readDay(second))).toBe(rows.toString());
    });

    it('are found by the newest requests that match, streams whole, and nobody else’s', async () => {
      const before = '2026-02-09';
      const days = [await write(rows), await write(rowsOf(before, 10), before)];
      const at = (name: string) => ARCHIVE_COLUMNS.indexOf(name);
      const search = async (filter: Omit<RawEventFilter, 'organizationId'>, limit: number) => {
        const found: string[][] = [];
        const result = await ground.store.search(
          days,
          { organizationId: organization, ...filter },
          { limit, maxBlocks: Infinity },
          async (part) => {
            for await (const chunk of part) {
              for (const line of chunk.toString().split('\n').slice(0, -1)) found.push(line.split('\t'));
            }
          },
        );
        expect(result.reachedId).toBe(null);
        expect(new Set(found.map((row) => row[at('organization_id')]))).toEqual(
          new Set(found.length > 0 ? [organization] : []),
        );
        return found.map((row) => `${row[at('id')]}/${row[at('seq')]}`).toSorted();
      };
      const whole = [day, before].flatMap((one) =>
        Array.from({ length: 10 }, (_, index) => index).flatMap((index) =>
          (index === stream ? [0, 1, 2] : [0]).map((seq) => ({ index, name: `${idOf(one, index)}/${seq}` })),
        ),
      );
      const expected = (keep: (index: number, name: string) => boolean) =>
        whole.flatMap(({ index, name }) => (keep(index, name) ? name : [])).toSorted();

      expect(await search({}, Infinity)).toEqual(expected(() => true));
      expect(await search({}, 7)).toEqual(expected((_, name) => name >= idOf(day, 3)));
      expect(await search({}, 11)).toEqual(expected((_, name) => name >= idOf(before, 9)));
      expect(await search({ before: idOf(day, 1) }, 1)).toEqual(expected((_, name) => name === `${idOf(day, 0)}/0`));
      expect(await search({ requestId: idOf(day, stream) }, 1)).toEqual(
        expected((_, name) => name.startsWith(idOf(day, stream))),
      );
      expect(await search({ applicationId: 'application-1' }, Infinity)).toEqual(expected((index) => index % 2 === 1));
      expect(await search({ credentialId: "credential-2' OR 1 = 1 --" }, Infinity)).toEqual([]);
      expect(await search({ credentialId: 'credential-2', before: idOf(day, 5) }, 2)).toEqual(
        expected((index, name) => index % 3 === 2 && name >= idOf(before, 8) && name < idOf(day, 5)),
      );
    });

    it('are walked through in their order from any request on, of one subscription', async () => {
      const stored = await write(rows);
      const walked = async (after: string | null, subscriptionId = 'subscription') => {
        const names: string[] = [];
        let parts = 0;
        for await (const { rows: part, lastId } of ground.store.walk(stored, {
          organizationId: organization,
          subscriptionId,
          after,
        })) {
          parts += 1;
          const fields = part
            .toString()
            .split('\n')
            .slice(0, -1)
            .map((line) => line.split('\t'));
          names.push(...fields.map(([owner, id, seq]) => `${owner === organization ? '' : owner}${id}/${seq}`));
          expect(lastId).toBe(fields.at(-1)![1]);
        }
        return { names, parts };
      };
      const all = Array.from({ length: 10 }, (_, index) => index).flatMap((index) =>
        (index === stream ? [0, 1, 2] : [0]).map((seq) => `${idOf(day, index)}/${seq}`),
      );
      const { names, parts } = await walked(null);
      expect(names).toEqual(all);
      if (kind === 'files') expect(parts).toBeGreaterThan(1);
      expect((await walked(idOf(day, stream))).names).toEqual(all.slice(stream + 3));
      expect((await walked(idOf(day, 9))).names).toEqual([]);
      expect((await walked(null, "other' OR 1 = 1 --")).names).toEqual([]);
    });

    it('of a day that is written with other rows stay what each of them was', async () => {
      const first = await write(rows);
      const corrected = rowsOf(day, 10, 'GET /another');
      const second = await write(corrected);
      expect(await textOf(ground.store.readDay(second))).toBe(corrected.toString());
      await expect(ground.store.check(second)).resolves.toBeUndefined();
      if (kind === 'files') return;
      expect(await textOf(ground.store.readDay(first))).toBe(rows.toString());
    });

    it('may be none', async () => {
      const stored = await write(Buffer.alloc(0), '2026-02-11');
      expect([stored.rowCount, await textOf(ground.store.readDay(stored))]).toEqual([0, '']);
      await ground.store.check(stored);
    });

    it('are missed when they were altered, or are gone, and not taken for a day without a match', async () => {
      await ground.lose();
      const stored = await write(rows);
      await ground.alter();
      await expect(ground.store.check(stored)).rejects.toMatchObject({ fault: 'altered' });
      await ground.lose();
      await expect(ground.store.check(stored)).rejects.toMatchObject({ fault: 'missing' });
      const search = ground.store.search(
        [stored],
        { organizationId: organization },
        { limit: 1, maxBlocks: 9 },
        async () => {},
      );
      await expect(search).rejects.toMatchObject({ fault: 'missing' });
    });
  });
});
