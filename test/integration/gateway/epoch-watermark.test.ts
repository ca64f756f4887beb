import { beginGatewayEpoch, readGatewayWatermarks, writeGatewayHeartbeat } from '#persistence';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const START = new Date('2026-11-22T12:00:00Z');
const CLAIMED = new Date('2026-11-22T13:00:00Z');
const RESTART = new Date('2026-11-22T13:00:05Z');

describe('a gateway that starts again', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
    await database.unitOfWork.inSystem(async (transaction) => {
      await beginGatewayEpoch(transaction, { id: 'g', epoch: 1, startedAt: START, admittedThrough: START });
      await writeGatewayHeartbeat(transaction, {
        id: 'g',
        epoch: 1,
        state: 'running',
        heartbeatAt: CLAIMED,
        admittedThrough: CLAIMED,
        sealedSegment: 1,
        snapshotNumber: 1,
      });
    });
  });
  afterEach(() => database.dispose());

  const restart = () =>
    database.unitOfWork.inSystem(async (transaction) => {
      await beginGatewayEpoch(transaction, { id: 'g', epoch: 2, startedAt: RESTART, admittedThrough: RESTART });
      const [watermark] = await readGatewayWatermarks(transaction);
      return watermark!.admittedThrough;
    });

  it('takes back what it claimed when the ledger lacks its earlier segments', async () => {
    expect(await restart()).toEqual(START);
  });

  it('keeps what it claimed when the ledger has them all', async () => {
    await database.unitOfWork.inSystem((transaction) =>
      transaction.query(
        `INSERT INTO segment_manifest (gateway_id, epoch, segment, event_count, quantity_sums, content_hash, digests, seal, attempt, acknowledged_at)
         VALUES ('g', 1, 1, 0, '{}', '', '', '', 1, $1)`,
        [CLAIMED],
      ),
    );
    expect(await restart()).toEqual(CLAIMED);
  });

  it('cannot begin an epoch that is over', async () => {
    await restart();
    const begun = await database.unitOfWork.inSystem((transaction) =>
      beginGatewayEpoch(transaction, { id: 'g', epoch: 1, startedAt: RESTART, admittedThrough: RESTART }),
    );
    expect(begun).toBe(false);
  });
});
