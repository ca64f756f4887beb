import { PostgresReplayStore } from '#limits';
import { afterEach } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { anOrganization } from '../../support/factories.js';
import { describeReplayStore } from '../../support/replay-store-contract.js';

let database: TestDatabase;
afterEach(() => database.dispose());

describeReplayStore('Postgres', async () => {
  database = await createTestDatabase();
  const { unitOfWork, clock } = database;
  return {
    store: new PostgresReplayStore(unitOfWork, clock),
    organizationId: (await anOrganization(database)).id,
    advance: (ms) => clock.moveTo(clock.nowMs() + ms),
    count: async () => {
      const [row] = await unitOfWork.inSystem((transaction) =>
        transaction.query<{ count: number }>('SELECT count(*)::integer AS count FROM replay_record'),
      );
      return row!.count;
    },
  };
});
