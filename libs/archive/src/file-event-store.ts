import { type ArchiveBlock, ArchiveFolder } from './archive-folder.js';
import type {
  RawEventFilter,
  RawEventPart,
  RawEventStore,
  RawEventWalk,
  SearchBound,
  SearchResult,
  StoredDay,
} from './raw-event-store.js';

/** Days as compressed files in a folder. */
export class FileEventStore implements RawEventStore {
  readonly kind = 'files';

  constructor(private readonly folder: ArchiveFolder) {}

  async write(day: string, columns: readonly string[], read: () => AsyncIterable<Buffer>): Promise<StoredDay> {
    const written = await this.folder.write(`usage-${day}.copy.zst`, columns.join('\t'), read);
    return { ...written, day, columns };
  }

  check(stored: StoredDay): Promise<void> {
    return this.folder.check(stored);
  }

  readDay({ file, blocks }: StoredDay): AsyncIterable<Buffer> {
    return this.folder.readBlocks(file, blocks);
  }

  async search(
    days: readonly StoredDay[],
    filter: RawEventFilter,
    { limit, maxBlocks }: SearchBound,
    onRows: (rows: Iterable<Buffer>) => Promise<void>,
  ): Promise<SearchResult> {
    let found = 0;
    let blocksRead = 0;
    for (const { file, columns, blocks } of days) {
      for (const block of blocksOf(blocks, filter).toReversed()) {
        const rows: string[] = [];
        let reached: LowestRow | null = null;
        for await (const text of this.folder.readBlocks(file, [block])) {
          reached = collect(text.toString('utf8'), columns, filter, rows, () => ++found >= limit);
        }
        blocksRead++;
        if (rows.length > 0) await onRows([Buffer.from(rows.join(''))]);
        if (found >= limit) return { found, blocksRead, reachedId: null };
        // Not in the middle of a stream: its first row makes it a request.
        if (blocksRead >= maxBlocks && reached?.seq === '0') return { found, blocksRead, reachedId: reached.id };
      }
    }
    return { found, blocksRead, reachedId: null };
  }

  async *walk(
    { file, columns, blocks }: StoredDay,
    { organizationId, subscriptionId, after }: RawEventWalk,
  ): AsyncGenerator<RawEventPart> {
    const [id, subscription] = [columns.indexOf('id'), columns.indexOf('subscription_id')];
    const lowest = `${organizationId}\t${after ?? ''}`;
    const wanted = blocksOf(blocks, { organizationId }).filter(
      (block) => (blocks[blocks.indexOf(block) + 1]?.firstKey ?? '~') >= lowest,
    );
    for await (const block of this.folder.readBlocks(file, wanted)) {
      const rows: string[] = [];
      let lastId = '';
      for (const line of block.toString('utf8').split('\n').slice(0, -1)) {
        if (!line.startsWith(`${organizationId}\t`)) continue;
        const fields = line.split('\t');
        if (fields[subscription] !== subscriptionId || (after !== null && fields[id]! <= after)) continue;
        rows.push(`${line}\n`);
        lastId = fields[id]!;
      }
      if (rows.length > 0) yield { rows: Buffer.from(rows.join('')), lastId };
    }
  }
}

interface LowestRow {
  readonly id: string;
  readonly seq: string;
}

/** The blocks that may have rows of the organization, or of the one request. */
function blocksOf(blocks: readonly ArchiveBlock[], { organizationId, requestId, before }: RawEventFilter) {
  const lowest = `${organizationId}\t${requestId ?? ''}`;
  const highest = `${organizationId}\t${requestId ?? before ?? '~'}`;
  return blocks.filter(({ firstKey }, index) => firstKey <= highest && (blocks[index + 1]?.firstKey ?? '~') >= lowest);
}

/**
 * Collects the rows of a block that match, from the last to the first, until `isEnough` says so at the first row of a
 * request. Returns the lowest row of the organization that was looked at.
 */
function collect(
  text: string,
  columns: readonly string[],
  filter: RawEventFilter,
  rows: string[],
  isEnough: () => boolean,
): LowestRow | null {
  const at = (name: string) => columns.indexOf(name);
  const [id, seq, application, credential] = [at('id'), at('seq'), at('application_id'), at('credential_id')];
  const prefix = `${filter.organizationId}\t`;
  const lines = text.split('\n');
  let lowest: LowestRow | null = null;
  for (let index = lines.length - 2; index >= 0; index--) {
    const line = lines[index]!;
    if (!line.startsWith(prefix)) continue;
    const fields = line.split('\t');
    lowest = { id: fields[id]!, seq: fields[seq]! };
    if (filter.before !== undefined && fields[id]! >= filter.before) continue;
    if (filter.requestId !== undefined && fields[id] !== filter.requestId) continue;
    if (filter.applicationId !== undefined && fields[application] !== filter.applicationId) continue;
    if (filter.credentialId !== undefined && fields[credential] !== filter.credentialId) continue;
    rows.push(`${line}\n`);
    if (fields[seq] === '0' && isEnough()) break;
  }
  return lowest;
}
