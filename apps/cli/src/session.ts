import { randomFillSync } from 'node:crypto';
import { openRawEventStores } from '#archive';
import { type Settings, loadSettings } from '#config';
import { UuidV7Generator } from '#domain';
import { type Actor, SystemClock, UnitOfWork, createDataSource } from '#persistence';
import type { ServiceContext } from '#services';

/** Who the audit log names for work done at the command line. */
export const CLI_ACTOR: Actor = { kind: 'cli', id: null };

export interface Session {
  readonly settings: Settings<'cli'>;
  readonly context: ServiceContext;
  readonly clock: SystemClock;
}

/** Connects to the database for one command, and lets go of it afterwards whatever happens. */
export async function withSession<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
  const settings = loadSettings('cli');
  const dataSource = await createDataSource({
    url: settings.DATABASE_URL,
    poolSize: 3,
    processName: 'cli',
  }).initialize();
  try {
    const clock = new SystemClock();
    await clock.refresh(dataSource);
    const context = {
      unitOfWork: new UnitOfWork(dataSource),
      clock,
      ids: new UuidV7Generator(clock, randomFillSync),
      fillRandom: randomFillSync,
      archive: openRawEventStores(settings),
    };
    return await work({ settings, context, clock });
  } finally {
    await dataSource.destroy();
  }
}
