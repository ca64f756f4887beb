import type { Clock } from '#domain';
import {
  type UnitOfWork,
  completeReplayRecord,
  deleteExpiredReplayRecords,
  deleteReplayClaim,
  findReplayRecord,
  insertReplayRecord,
} from '#persistence';
import type { ReplayClaim, ReplayStore, ReplayVerdict } from './replay-store.js';

const sweepLimit = 1_000;

/** Answers as rows in Postgres. */
export class PostgresReplayStore implements ReplayStore {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  claim(claim: ReplayClaim, claimMs: number): Promise<ReplayVerdict> {
    return this.unitOfWork.inSystem(async (transaction): Promise<ReplayVerdict> => {
      const row = { ...claim, expiresAt: new Date(this.clock.nowMs() + claimMs) };
      if (await insertReplayRecord(transaction, row, this.clock.now())) return { state: 'claimed' };
      const known = await findReplayRecord(transaction, claim.key);
      if (!known) return { state: 'in_flight' };
      if (!known.fingerprint.equals(claim.fingerprint)) return { state: 'other_request' };
      return known.answer === null ? { state: 'in_flight' } : { state: 'answered', answer: known.answer };
    });
  }

  async complete(claim: ReplayClaim, answer: Buffer, keepMs: number): Promise<void> {
    const row = { ...claim, expiresAt: new Date(this.clock.nowMs() + keepMs) };
    await this.unitOfWork.inSystem((transaction) => completeReplayRecord(transaction, row, answer));
  }

  async abandon({ key, claimant }: ReplayClaim): Promise<void> {
    await this.unitOfWork.inSystem((transaction) => deleteReplayClaim(transaction, key, claimant));
  }

  async sweep(): Promise<void> {
    await this.unitOfWork.inSystem((transaction) =>
      deleteExpiredReplayRecords(transaction, this.clock.now(), sweepLimit),
    );
  }

  /** The connections are the database's. */
  async close(): Promise<void> {}
}
