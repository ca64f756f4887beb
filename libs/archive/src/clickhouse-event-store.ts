import { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { faulty } from '#faults';
import { ArchiveReadError } from './archive-read-error.js';
import { createTableSql, addColumnsSql } from './clickhouse-table.js';
import { digestRows } from './row-digest.js';
import type {
  RawEventFilter,
  RawEventPart,
  RawEventStore,
  RawEventWalk,
  SearchBound,
  SearchResult,
  StoredDay,
} from './raw-event-store.js';

/** A day is written, merged or read back in so long, or that fails. */
const DAY_TIMEOUT_MS = 3_600_000;
/** Somebody waits for what is searched. */
const SEARCH_TIMEOUT_MS = 10_000;
/** Requests that are read at a time when they are wanted in their order. */
const WALKED_REQUESTS = 2_000;
/** Rows come as they were given: the text of COPY, with what it escapes. */
const FORMAT = 'TabSeparatedRaw';

/**
 * Days as partitions of one ClickHouse table. Each row carries its day and the SHA-256 of all rows of the day, which is what
 * the day is asked for by: what an attempt that broke off has left is completed, and what says something else is not
 * seen. Rows that were inserted more than once are one (ReplacingMergeTree, read with FINAL).
 */
export class ClickHouseEventStore implements RawEventStore {
  readonly kind = 'clickhouse';

  constructor(
    private readonly client: ClickHouseClient,
    /** Where it is, for people: without the password. */
    private readonly place: string,
  ) {}

  /** The store in the database at this URL, such as http://user:password@host:8123/tollgate. Connects when it is used. */
  static at(url: string): ClickHouseEventStore {
    const { host, pathname } = new URL(url);
    // A connection for each statement: days apart, none would be left to use again.
    const client = createClient({
      url,
      keep_alive: { enabled: false },
      request_timeout: DAY_TIMEOUT_MS,
      // Who asked is told, and logs it.
      log: { level: ClickHouseLogLevel.OFF },
    });
    return new ClickHouseEventStore(client, `${host}${pathname}`);
  }

  async write(day: string, columns: readonly string[], read: () => AsyncIterable<Buffer>): Promise<StoredDay> {
    const { sha256, rowCount } = await digestRows(read());
    await this.makeTable(columns);
    await faulty('archive-write', async () => {
      if ((await this.countRows(day, sha256)) !== rowCount) await this.insert(day, sha256, columns, read());
    });
    // One part without repeated rows: reading costs the least then.
    await this.client.command({ query: `OPTIMIZE TABLE usage_event PARTITION '${dayOf(day)}' FINAL` });
    const bytes = (await this.readPartitions([day])).get(day)?.bytes ?? 0;
    return { day, file: `usage_event/${day}`, sha256, bytes, rowCount, contentSha256: sha256, columns, blocks: [] };
  }

  async check(stored: StoredDay): Promise<void> {
    const { sha256 } = await digestRows(this.readDay(stored));
    if (sha256 === stored.sha256) return;
    const count = await this.reading(() => this.countRows(stored.day, stored.sha256));
    throw count < stored.rowCount ? this.missing(stored, count) : this.altered(stored);
  }

  async *readDay({ day, sha256, columns }: StoredDay): AsyncGenerator<Buffer> {
    const query = `SELECT ${columns.map(quoted).join(', ')} FROM usage_event FINAL
      WHERE day = {day: Date} AND content = {content: String} ORDER BY organization_id, id, seq FORMAT ${FORMAT}`;
    const { stream } = await this.reading(() => this.client.exec({ query, query_params: { day, content: sha256 } }));
    yield* this.rowsOf(stream);
  }

  async search(
    days: readonly StoredDay[],
    filter: RawEventFilter,
    { limit }: SearchBound,
    onRows: (rows: AsyncIterable<Buffer>) => Promise<void>,
  ): Promise<SearchResult> {
    await this.requirePartitions(days);
    const { conditions, parameters } = conditionsOf(days, filter);
    const request = { where: `${conditions} AND seq = 0`, order: 'ORDER BY id DESC' };
    let found = 0;
    let where = conditions;
    if (Number.isFinite(limit)) {
      // The newest requests first, by their first rows; then all rows of these.
      const ids = await this.read(
        `SELECT id FROM usage_event FINAL WHERE ${request.where} ${request.order} LIMIT ${Math.trunc(limit)}`,
        parameters,
        textOf,
      );
      parameters['ids'] = ids.split('\n').slice(0, -1);
      where += ' AND id IN {ids: Array(String)}';
      found = parameters['ids'].length;
      if (found === 0) return { found, blocksRead: 0, reachedId: null };
    }
    const columns = days[0]!.columns.map(quoted).join(', ');
    await this.read(`SELECT ${columns} FROM usage_event FINAL WHERE ${where}`, parameters, (stream) =>
      onRows(this.rowsOf(stream)),
    );
    return { found, blocksRead: 0, reachedId: null };
  }

  async *walk(
    stored: StoredDay,
    { organizationId, subscriptionId, after }: RawEventWalk,
  ): AsyncGenerator<RawEventPart> {
    await this.requirePartitions([stored]);
    const columns = stored.columns.map(quoted).join(', ');
    const idColumn = stored.columns.indexOf('id');
    for (let lastId = after; ;) {
      const { conditions, parameters } = conditionsOf([stored], { organizationId });
      const matching = `FROM usage_event FINAL WHERE ${conditions} AND subscription_id = {subscription: String} AND id > {after: String}`;
      const text = await this.read(
        `SELECT ${columns} ${matching} AND id IN (
           SELECT id ${matching} AND seq = 0 ORDER BY id LIMIT ${WALKED_REQUESTS}) ORDER BY id, seq`,
        { ...parameters, subscription: subscriptionId, after: lastId ?? '' },
        textOf,
      );
      if (text === '') return;
      lastId = text.slice(text.lastIndexOf('\n', text.length - 2) + 1).split('\t')[idColumn]!;
      yield { rows: Buffer.from(text), lastId };
    }
  }

  /** Runs a query that fails as a whole: the server keeps its answer back until it has all of it. */
  private async read<Result>(
    query: string,
    parameters: Record<string, unknown>,
    take: (stream: Readable) => Promise<Result>,
  ): Promise<Result> {
    const { stream } = await this.reading(() =>
      this.client.exec({
        query: `${query} FORMAT ${FORMAT}`,
        query_params: parameters,
        clickhouse_settings: { wait_end_of_query: 1 },
        abort_signal: AbortSignal.timeout(SEARCH_TIMEOUT_MS),
      }),
    );
    return take(stream);
  }

  private async makeTable(columns: readonly string[]): Promise<void> {
    await this.client.command({ query: createTableSql(columns) });
    // Of later versions, whose rows have more.
    await this.client.command({ query: addColumnsSql(columns) });
  }

  private async insert(
    day: string,
    content: string,
    columns: readonly string[],
    rows: AsyncIterable<Buffer>,
  ): Promise<void> {
    const names = ['day', 'content', ...columns].map(quoted).join(', ');
    const { stream } = await this.client.exec({
      query: `INSERT INTO usage_event (${names}) FORMAT ${FORMAT}`,
      values: Readable.from(labelled(rows, `${dayOf(day)}\t${content}\t`), { objectMode: false }),
      // A replicated table would take a day that is written again, as it was damaged, for one that it has.
      clickhouse_settings: { insert_deduplicate: 0, async_insert: 0 },
    });
    for await (const _ of stream);
  }

  private async countRows(day: string, content: string): Promise<number> {
    const { stream } = await this.client.exec({
      query: `SELECT count() FROM usage_event FINAL WHERE day = {day: Date} AND content = {content: String} FORMAT ${FORMAT}`,
      query_params: { day, content },
    });
    return Number(await textOf(stream));
  }

  /** What the server has of these days, without looking into it; repeated rows count, and those of other contents. */
  private async readPartitions(days: readonly string[]): Promise<Map<string, { rows: number; bytes: number }>> {
    const { stream } = await this.client.exec({
      query: `SELECT partition, sum(rows), sum(bytes_on_disk) FROM system.parts
        WHERE database = currentDatabase() AND table = 'usage_event' AND active AND partition IN {days: Array(String)}
        GROUP BY partition FORMAT ${FORMAT}`,
      query_params: { days },
    });
    const lines = (await textOf(stream)).split('\n').slice(0, -1);
    return new Map(
      lines.map((line) => {
        const [day, rows, bytes] = line.split('\t');
        return [day!, { rows: Number(rows), bytes: Number(bytes) }];
      }),
    );
  }

  /** A search must not take a day that is gone for one without a match. */
  private async requirePartitions(days: readonly StoredDay[]): Promise<void> {
    const known = await this.reading(() => this.readPartitions(days.map(({ day }) => day)));
    for (const stored of days) {
      const rows = known.get(stored.day)?.rows ?? 0;
      if (rows < stored.rowCount) throw this.missing(stored, rows);
    }
  }

  private async reading<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await ask();
    } catch (cause) {
      const message = `ClickHouse at ${this.place} does not answer as it should. See that it runs, or correct CLICKHOUSE_URL.`;
      throw new ArchiveReadError('unreachable', message, { cause });
    }
  }

  private async *rowsOf(stream: Readable): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of stream) yield chunk as Buffer;
    } catch (cause) {
      const message = `ClickHouse at ${this.place} broke off in the middle of its answer. Try again.`;
      throw new ArchiveReadError('unreachable', message, { cause });
    }
  }

  private missing({ day, rowCount }: StoredDay, count: number): ArchiveReadError {
    const message = `ClickHouse at ${this.place} has ${count} of ${rowCount} events of ${day}. Restore the partition '${day}' of usage_event from its back-up, or correct CLICKHOUSE_URL.`;
    return new ArchiveReadError('missing', message);
  }

  private altered({ day }: StoredDay): ArchiveReadError {
    const message = `ClickHouse at ${this.place} has other events of ${day} than were written. Restore the partition '${day}' of usage_event from its back-up.`;
    return new ArchiveReadError('altered', message);
  }
}

/** The conditions that rows of the days must meet to be of requests that match, and the values in them. */
function conditionsOf(
  days: readonly StoredDay[],
  { organizationId, applicationId, credentialId, requestId, before }: RawEventFilter,
): {
  readonly conditions: string;
  readonly parameters: Record<string, string | readonly string[]> & { ids?: string[] };
} {
  const parameters: Record<string, string | readonly string[]> & { ids?: string[] } = {
    days: days.map(({ day }) => day),
    contents: days.map(({ sha256 }) => sha256),
    organization: organizationId,
  };
  const conditions = [
    'day IN {days: Array(Date)}',
    'content IN {contents: Array(String)}',
    'organization_id = {organization: String}',
  ];
  const where = (condition: string, name: string, value: string | undefined) => {
    if (value === undefined) return;
    conditions.push(`${condition} {${name}: String}`);
    parameters[name] = value;
  };
  where('application_id =', 'application', applicationId);
  where('credential_id =', 'credential', credentialId);
  where('id =', 'request', requestId);
  where('id <', 'before', before);
  return { conditions: conditions.join(' AND '), parameters };
}

/** The rows with the label before each. */
async function* labelled(rows: AsyncIterable<Buffer>, label: string): AsyncGenerator<Buffer> {
  let isAtStart = true;
  for await (const chunk of rows) {
    if (chunk.length === 0) continue;
    const text = chunk.toString('latin1');
    const endsRow = text.endsWith('\n');
    const inner = (endsRow ? text.slice(0, -1) : text).replaceAll('\n', `\n${label}`);
    yield Buffer.from(`${isAtStart ? label : ''}${inner}${endsRow ? '\n' : ''}`, 'latin1');
    isAtStart = endsRow;
  }
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function dayOf(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new RangeError(`${day} is no day`);
  return day;
}

function quoted(column: string): string {
  return `\`${column.replaceAll('`', '')}\``;
}
