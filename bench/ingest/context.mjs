import { randomFillSync } from 'node:crypto';
import { FixedClock, UuidV7Generator } from '#domain';
import { UnitOfWork, createDataSource } from '#persistence';

/** What services need to run in this process, as the application's role, at a time that is set by `clock`. */
export async function connect(databaseUrl) {
  const dataSource = await createDataSource({ url: databaseUrl, processName: 'bench' }).initialize();
  const clock = new FixedClock(Date.now());
  const unitOfWork = new UnitOfWork(dataSource);
  const context = { unitOfWork, clock, ids: new UuidV7Generator(clock, randomFillSync), fillRandom: randomFillSync };
  return { context, clock, close: () => dataSource.destroy() };
}
