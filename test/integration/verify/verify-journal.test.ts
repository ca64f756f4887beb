import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { UsageEvent } from '#domain';
import { JournalWriter, readSegmentPayloads } from '#journal';
import { encodeSegmentJob } from '#queues';
import { ingestSegment } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GATEWAY_ID, aSegmentJob, aUsageEvent } from '../../support/usage-events.js';
import { VerifiedLedger } from '../../support/verified-ledger.js';

const EPOCH = 7;

describe('the proof of the journal', () => {
  let ledger: VerifiedLedger;
  let home: string;
  let folder: string;
  beforeEach(async () => {
    ledger = await VerifiedLedger.create();
    home = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-journal-'));
    folder = path.join(home, GATEWAY_ID);
    fs.mkdirSync(folder);
  });
  afterEach(async () => {
    fs.rmSync(home, { recursive: true, force: true });
    await ledger.dispose();
  });

  const anEvent = () => aUsageEvent(ledger.subscriptions[0]!, { at: ledger.database.clock.now() });
  const fileOf = (state: 'open' | 'sealed') => path.join(folder, `000000000${EPOCH}-0000000001.${state}`);

  async function write(events: readonly UsageEvent[]): Promise<JournalWriter> {
    const writer = JournalWriter.open({
      folder,
      gatewayId: GATEWAY_ID,
      epoch: EPOCH,
      sync: 'interval',
      maxSegmentAgeMs: 60_000,
    });
    await Promise.all(
      events.map(
        (event) =>
          new Promise<number>((resolve, reject) => {
            writer.append(event, { onJournalled: resolve, onJournalFailed: reject });
          }),
      ),
    );
    return writer;
  }

  it('names what is on disk and not in the ledger, open or sealed, and is content once it was shipped', async () => {
    const writer = await write([anEvent(), anEvent()]);
    const unacknowledged = {
      check: 'segments',
      row: `journal ${GATEWAY_ID}/${EPOCH}/1`,
      expected: 'acknowledged with 2 events',
      actual: 'not acknowledged',
    };
    expect(await ledger.differences({ journalFolder: folder })).toMatchObject([unacknowledged]);
    await writer.close();
    expect(fs.existsSync(fileOf('sealed'))).toBe(true);
    expect(await ledger.differences({ journalFolder: home })).toMatchObject([unacknowledged]);

    const { header, payloads } = await readSegmentPayloads(fileOf('sealed'));
    await ingestSegment(ledger.database.context, await encodeSegmentJob({ ...header, attempt: 1, payloads }));
    const report = await ledger.verify({ journalFolder: folder });
    expect(report.ok).toBe(true);
    expect(report.checks[0]).toMatchObject({ name: 'segments', checked: 7 });
  });

  it('names a segment of which the ledger has another content', async () => {
    await (await write([anEvent()])).close();
    await ingestSegment(ledger.database.context, await aSegmentJob([anEvent()], { epoch: EPOCH }));
    expect(await ledger.differences({ journalFolder: folder })).toMatchObject([
      { check: 'segments', row: `journal ${GATEWAY_ID}/${EPOCH}/1`, actual: expect.stringContaining('content ') },
    ]);
  });

  it('says of a damaged file that it is damaged', async () => {
    await (await write([anEvent(), anEvent()])).close();
    const bytes = fs.readFileSync(fileOf('sealed'));
    bytes[bytes.length - 40]! ^= 1;
    fs.writeFileSync(fileOf('sealed'), bytes);
    const [difference] = await ledger.differences({ journalFolder: folder });
    expect(difference!.actual).toMatch(/^damaged \(.+\) and not acknowledged$/);
  });

  it('takes a folder without segments, or none at all, for a journal that is all acknowledged', async () => {
    fs.writeFileSync(path.join(folder, 'epoch'), '7');
    expect(await ledger.differences({ journalFolder: folder })).toEqual([]);
    expect(await ledger.differences({ journalFolder: path.join(folder, 'none') })).toEqual([]);
  });
});
