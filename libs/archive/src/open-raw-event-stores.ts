import { ArchiveFolder } from './archive-folder.js';
import { ClickHouseEventStore } from './clickhouse-event-store.js';
import { FileEventStore } from './file-event-store.js';
import { RawEventStores } from './raw-event-store.js';

/** Where old days of usage may be. */
export interface RawEventSettings {
  readonly USAGE_ARCHIVE_DIR?: string | undefined;
  readonly CLICKHOUSE_URL?: string | undefined;
}

/**
 * The stores that are set, none of which is asked anything yet; undefined when none is. With both, days go to ClickHouse,
 * and those that are in files are read from there.
 */
export function openRawEventStores({
  USAGE_ARCHIVE_DIR: folder,
  CLICKHOUSE_URL: url,
}: RawEventSettings): RawEventStores | undefined {
  const [first, ...others] = [
    ...(url === undefined ? [] : [ClickHouseEventStore.at(url)]),
    ...(folder === undefined ? [] : [new FileEventStore(new ArchiveFolder(folder))]),
  ];
  return first && new RawEventStores([first, ...others]);
}
