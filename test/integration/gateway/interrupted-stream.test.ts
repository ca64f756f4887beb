import fs from 'node:fs';
import { ingestSegment } from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../../apps/gateway/src/gateway.server.js';
import {
  type GatewayUnderTest,
  MemorySegmentQueue,
  gatewayOptions,
  makeJournalFolder,
  readJournal,
  startGatewayUnderTest,
} from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';
import { RawConnection } from '../../support/raw-http.js';
import { acceptWebSocket, webSocketRequest } from '../../support/web-socket.js';

let under: GatewayUnderTest;
let folder: string;

beforeEach(async () => {
  under = await startGatewayUnderTest({}, { onFatal: () => undefined });
  under.upstream.upgrade((request, socket) => acceptWebSocket(request, socket));
  folder = makeJournalFolder();
});
afterEach(async () => {
  await under.dispose();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** The journal as a process killed at this moment would leave it. */
function crash(): void {
  fs.rmSync(folder, { recursive: true });
  fs.cpSync(under.folder, folder, { recursive: true });
  fs.rmSync(`${folder}/lock`, { force: true });
}

/** Starts on the folder, ingests what is shipped as a worker does, until there is an end; stops and returns the rows. */
async function recover(isDone: (outcomes: readonly string[]) => boolean) {
  const queue = new MemorySegmentQueue();
  const gateway = await startGateway(
    gatewayOptions(under.database, { journalFolder: folder, queue, onFatal: () => undefined }),
  );
  const outcomes = async () => {
    for (const job of queue.jobs.splice(0)) await ingestSegment(under.database.context, job);
    const rows = await under.database.unitOfWork.inSystem((transaction) =>
      transaction.query<{ outcome: string }>('SELECT outcome FROM usage_event ORDER BY id, seq'),
    );
    return rows.map(({ outcome }) => outcome);
  };
  try {
    return await eventually(outcomes, isDone);
  } finally {
    await gateway.stop();
  }
}

describe('a stream whose gateway was killed', () => {
  it('ends as interrupted at its last checkpoint, once, whatever else crashes', async () => {
    const client = await RawConnection.open(under.origin);
    client.send(...webSocketRequest(`${under.catalog.version.basePath}/things`, under.consumer.key));
    const requestId = /tollgate-request-id: (\S+)/.exec(await client.until('\r\n\r\n'))![1]!;
    await under.call('/things');
    crash();
    const outcomes = await recover((rows) => rows.includes('interrupted'));
    expect(outcomes).toEqual(['checkpoint', 'interrupted', 'delivered']);
    const [first, last] = await under.database.unitOfWork.inSystem((transaction) =>
      transaction.query<Record<string, unknown>>('SELECT * FROM usage_event WHERE id = $1 ORDER BY seq', [requestId]),
    );
    expect(first).toMatchObject({ seq: 0, quantities: { requests: '1' }, billable: true });
    expect(last).toMatchObject({ seq: 1, quantities: {}, reason: 'interrupted', ended_at: first!['ended_at'] });

    await recover((rows) => rows.length === 3);
    expect(await readJournal(folder)).toEqual([]);
    const quarantined = await under.database.unitOfWork.inSystem((transaction) =>
      transaction.query('SELECT reason FROM usage_event_quarantine'),
    );
    expect(quarantined).toEqual([]);
    client.socket.destroy();
  });
});
