import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ArchiveFolder, FileEventStore, type RawEventStore, RawEventStores } from '#archive';
import {
  type ServiceContext,
  type UsageDayOutcome,
  archiveUsageDay,
  findUsageDayToArchive,
  findUsageRequest,
  listUsageRequests,
  usageByKey,
} from '#services';
import type { TestDatabase } from './database.js';
import type { VerifiedLedger } from './verified-ledger.js';

/** An archive of usage in a folder of its own, and the services of a database with it. */
export class TestArchive {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-archive-'));
  readonly context: ServiceContext;

  /** What writes and reads its files. */
  readonly archiveFolder: ArchiveFolder;

  /** With `blockBytes` 1 each row is a block of its own. With `store` days go there, and its files are read still. */
  constructor(
    database: TestDatabase,
    { blockBytes, store }: { readonly blockBytes?: number; readonly store?: RawEventStore } = {},
  ) {
    this.archiveFolder = new ArchiveFolder(this.folder, blockBytes);
    const files = new FileEventStore(this.archiveFolder);
    this.context = { ...database.context, archive: new RawEventStores(store ? [store, files] : [files]) };
  }

  /** Archives every day that ended `retentionDays` ago, until one must stay. */
  async archiveAll(retentionDays = 2): Promise<UsageDayOutcome[]> {
    const outcomes: UsageDayOutcome[] = [];
    for (;;) {
      const day = await findUsageDayToArchive(this.context, { retentionDays });
      if (day === null) return outcomes;
      outcomes.push(await archiveUsageDay(this.context, day));
      if (outcomes.at(-1)!.status !== 'archived') return outcomes;
    }
  }

  files(): string[] {
    return fs.readdirSync(this.folder).toSorted();
  }

  /** The path of the first file. */
  first(): string {
    return path.join(this.folder, this.files()[0]!);
  }

  dispose(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** All that people are shown of single requests, page by page, wherever the days of the ledger are. */
export async function readRequests(context: ServiceContext, { subscriptions, events }: VerifiedLedger) {
  const logs = [];
  for (const { organizationId, applicationId, credentialId } of subscriptions) {
    for (const filter of [{}, { applicationId }, { credentialId }]) {
      for (let before: string | undefined, more = true; more;) {
        const page = await listUsageRequests(context, { organizationId, ...filter, before, limit: 3 });
        logs.push(page);
        more = page.next !== null;
        before = page.next ?? undefined;
      }
    }
  }
  const receipts = await Promise.all(
    events.map(({ organizationId, id: requestId }) => findUsageRequest(context, { organizationId, requestId })),
  );
  const keys = await Promise.all(
    subscriptions.map(({ credentialId }) =>
      usageByKey(context, { keyId: `t${credentialId.replaceAll('-', '').slice(-20)}` }),
    ),
  );
  return { logs, receipts, keys };
}
