import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ArchiveFolder } from '#archive';
import { type ServiceContext, type UsageDayOutcome, archiveUsageDay, findUsageDayToArchive } from '#services';
import type { TestDatabase } from './database.js';

/** An archive of usage in a folder of its own, and the services of a database with it. */
export class TestArchive {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-archive-'));
  readonly context: ServiceContext;

  /** With `blockBytes` 1 each row is a block of its own. */
  constructor(database: TestDatabase, blockBytes?: number) {
    this.context = { ...database.context, archive: new ArchiveFolder(this.folder, blockBytes) };
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
