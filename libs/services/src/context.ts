import type { RawEventStores } from '#archive';
import type { Clock, FillRandom, UuidV7Generator } from '#domain';
import type { UnitOfWork } from '#persistence';

/** What every use case needs: where rows live, what time it is, and where ids and random bytes come from. */
export interface ServiceContext {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly ids: UuidV7Generator;
  readonly fillRandom: FillRandom;
  /** Where days of the ledger are that Postgres has no more; without it none is archived, and none can be read. */
  readonly archive?: RawEventStores | undefined;
}
