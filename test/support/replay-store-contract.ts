import { randomBytes, randomUUID } from 'node:crypto';
import type { ReplayClaim, ReplayStore } from '#limits';
import { beforeEach, describe, expect, it } from 'vitest';

export interface ReplayStoreUnderTest {
  readonly store: ReplayStore;
  readonly organizationId: string;
  /** Lets that much time pass for the store. */
  advance(ms: number): void | Promise<void>;
  /** How many records there are. */
  count(): Promise<number>;
}

/** What every store of answers must do. */
export function describeReplayStore(name: string, setUp: () => Promise<ReplayStoreUnderTest>): void {
  describe(`${name}, which keeps answers for their replay`, () => {
    let under: ReplayStoreUnderTest;
    beforeEach(async () => {
      under = await setUp();
    });

    const aClaim = (overrides: Partial<ReplayClaim> = {}): ReplayClaim => ({
      key: randomBytes(32),
      organizationId: under.organizationId,
      claimant: randomUUID(),
      fingerprint: Buffer.alloc(32, 1),
      ...overrides,
    });
    const again = (claim: ReplayClaim) => ({ ...claim, claimant: randomUUID() });

    it('grants a key to one of many who claim it at once', async () => {
      const claim = aClaim();
      const verdicts = await Promise.all(Array.from({ length: 20 }, () => under.store.claim(again(claim), 60_000)));
      const states = verdicts.map(({ state }) => state);
      expect(states.filter((state) => state === 'claimed').length).toBe(1);
      expect(states.filter((state) => state === 'in_flight').length).toBe(19);
    });

    it('gives the answer again, byte by byte, and to the same question only', async () => {
      const claim = aClaim();
      await under.store.claim(claim, 60_000);
      const answer = randomBytes(1_000);
      await under.store.complete(claim, answer, 60_000);
      expect(await under.store.claim(again(claim), 60_000)).toEqual({ state: 'answered', answer });
      const other = { ...again(claim), fingerprint: Buffer.alloc(32, 2) };
      expect(await under.store.claim(other, 60_000)).toEqual({ state: 'other_request' });
      expect(await under.store.claim(aClaim(), 60_000)).toEqual({ state: 'claimed' });
    });

    it('frees a key that is abandoned, but not one that is answered or claimed by another', async () => {
      const claim = aClaim();
      await under.store.claim(claim, 60_000);
      await under.store.abandon(again(claim));
      expect(await under.store.claim(again(claim), 60_000)).toEqual({ state: 'in_flight' });
      await under.store.abandon(claim);
      const second = again(claim);
      expect(await under.store.claim(second, 60_000)).toEqual({ state: 'claimed' });
      await under.store.complete(second, Buffer.from('a'), 60_000);
      await under.store.abandon(second);
      expect(await under.store.claim(again(claim), 60_000)).toMatchObject({ state: 'answered' });
    });

    it('grants a key again when its claim has ended, and takes no answer of the one before', async () => {
      const claim = aClaim();
      await under.store.claim(claim, 1_000);
      await under.advance(1_001);
      const second = again(claim);
      expect(await under.store.claim(second, 60_000)).toEqual({ state: 'claimed' });
      await under.store.complete(claim, Buffer.from('late'), 60_000);
      expect(await under.store.claim(again(claim), 60_000)).toEqual({ state: 'in_flight' });
    });

    it('forgets answers when their time is over', async () => {
      const claim = aClaim();
      await under.store.claim(claim, 1_000);
      await under.store.complete(claim, Buffer.from('a'), 5_000);
      await under.advance(4_000);
      await under.store.sweep();
      expect(await under.store.claim(again(claim), 1_000)).toMatchObject({ state: 'answered' });
      await under.advance(1_001);
      await under.store.sweep();
      expect(await under.count()).toBe(0);
      expect(await under.store.claim(again(claim), 1_000)).toEqual({ state: 'claimed' });
    });
  });
}
