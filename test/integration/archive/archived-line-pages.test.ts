import { FileEventStore, type RawEventPart, RawEventStores, type RawEventWalk, type StoredDay } from '#archive';
import { type ServiceContext, listLineRequests } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestArchive } from '../../support/usage-archive.js';
import { VerifiedLedger } from '../../support/verified-ledger.js';

/** Counts the parts of days that are read one after the other. */
class CountingStore extends FileEventStore {
  parts: string[] = [];

  override async *walk(stored: StoredDay, walk: RawEventWalk): AsyncGenerator<RawEventPart> {
    for await (const part of super.walk(stored, walk)) {
      this.parts.push(stored.day);
      yield part;
    }
  }
}

describe('the calls behind a line whose days are in the archive', () => {
  let ledger: VerifiedLedger;
  let archive: TestArchive;
  let store: CountingStore;
  let context: ServiceContext;
  let lines: readonly { readonly invoice: string; readonly line: number }[];
  let before: string[][];

  const pagesOf = async (from: ServiceContext, line: (typeof lines)[number], limit: number) => {
    const pages: string[][] = [];
    for (let after: string | null = null; ;) {
      const page = await listLineRequests(from, { ...line, after, limit });
      pages.push(page.requests.map(({ requestId }) => requestId));
      if (page.next === null) return pages;
      after = page.next;
    }
  };

  beforeAll(async () => {
    ledger = await VerifiedLedger.create();
    lines = await ledger.database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `SELECT invoice_id AS invoice, position AS line FROM invoice_line WHERE kind IN ('usage', 'late_usage') AND quantity > 0
         ORDER BY invoice_id, position`,
      ),
    );
    before = [];
    for (const line of lines) before.push((await pagesOf(ledger.database.context, line, 50)).flat());
    // Each row is a block of its own.
    archive = new TestArchive(ledger.database, { blockBytes: 1 });
    expect(await archive.archiveAll()).toHaveLength(3);
    store = new CountingStore(archive.archiveFolder);
    context = { ...archive.context, archive: new RawEventStores([store]) };
  });
  afterAll(async () => {
    archive.dispose();
    await ledger.dispose();
  });

  it('are what they were, page by page', async () => {
    expect(before.map((ids) => ids.length)).toEqual([5, 5, 2]);
    for (const [index, line] of lines.entries())
      for (const limit of [1, 2, 5]) {
        const pages = await pagesOf(context, line, limit);
        expect(pages.flat()).toEqual(before[index]);
        expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      }
  });

  it('are read as far as a page needs them, from the call on after which it begins', async () => {
    const [line] = lines;
    store.parts = [];
    const { next } = await listLineRequests(context, { ...line!, after: null, limit: 1 });
    // The call of the page, the next one that tells there is more, one that tells that this was read whole; and a call of the same
    // millisecond that the line does not bill, where it comes before.
    expect(store.parts.length).toBeLessThanOrEqual(4);
    expect(new Set(store.parts)).toEqual(new Set(['2026-02-10']));
    store.parts = [];
    await listLineRequests(context, { ...line!, after: before[0]![3]!, limit: 1 });
    expect(next).toBe(before[0]![0]);
    // And here the call that no meter counts.
    expect(store.parts.length).toBeLessThanOrEqual(5);
    expect(new Set(store.parts.slice(0, 1))).toEqual(new Set(['2026-02-10']));
  });
});
