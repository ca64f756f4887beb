import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burnCredits } from './burn-credits.js';
import type { CreditGrant } from './credit-grant.js';
import type { ChargedLine } from './usage-charges.js';

const at = Date.UTC(2026, 5, 1);
const grant = (id: string, change: Partial<CreditGrant> = {}): CreditGrant => ({
  id,
  currency: 'USD',
  amountMinor: 100n,
  burnedMinor: 0n,
  priority: 1,
  grantedAtMs: at - 1_000,
  expiresAtMs: null,
  ...change,
});
const usage = (amountMinor: bigint, change: Partial<ChargedLine> = {}): ChargedLine => ({
  kind: 'usage',
  meter: 'requests',
  periodStart: new Date(at),
  amountMinor,
  ...change,
});
const burnFor = (lines: readonly ChargedLine[], ...grants: CreditGrant[]) =>
  burnCredits({ currency: 'USD', apiProductId: 'weather', lines, grants, atMs: at });
const burn = (dueMinor: bigint, ...grants: CreditGrant[]) => burnFor([usage(dueMinor)], ...grants);
const order = (...grants: CreditGrant[]) => burn(10_000n, ...grants).lines.map(({ grantId }) => grantId);

describe('burnCredits', () => {
  it('burns by priority, then by expiry, then by age, then by id', () => {
    expect(
      order(
        grant('never'),
        grant('b', { expiresAtMs: at + 9 }),
        grant('a', { expiresAtMs: at + 9 }),
        grant('old', { expiresAtMs: at + 9, grantedAtMs: at - 5_000 }),
        grant('soon', { expiresAtMs: at + 1, grantedAtMs: at }),
        grant('first', { priority: 0 }),
      ),
    ).toEqual(['first', 'soon', 'old', 'a', 'b', 'never']);
  });

  it('takes what is due and no more, and says what is left', () => {
    expect(burn(250n, grant('a', { burnedMinor: 40n }), grant('b'), grant('c'), grant('d'))).toEqual({
      lines: [
        { grantId: 'a', amountMinor: -60n, leftMinor: 0n },
        { grantId: 'b', amountMinor: -100n, leftMinor: 0n },
        { grantId: 'c', amountMinor: -90n, leftMinor: 10n },
      ],
      subtotalMinor: 0n,
    });
    expect(burn(250n, grant('a')).subtotalMinor).toBe(150n);
  });

  it.each<[string, Partial<CreditGrant>]>([
    ['expired at the very instant', { expiresAtMs: at }],
    ['granted later', { grantedAtMs: at + 1 }],
    ['of another currency', { currency: 'EUR' }],
    ['used up', { burnedMinor: 100n }],
  ])('leaves a grant alone that is %s', (_, change) => {
    expect(burn(50n, grant('a', change))).toEqual({ lines: [], subtotalMinor: 50n });
  });

  it('pays usage, late usage and minimum commitments, but no fees', () => {
    const lines = [
      usage(40n, { kind: 'fixed_fee', meter: null }),
      usage(30n),
      usage(20n, { kind: 'late_usage' }),
      usage(5n, { kind: 'minimum_commitment' }),
      usage(50n, { kind: 'setup_fee', meter: null }),
    ];
    expect(burnFor(lines, grant('a'))).toEqual({
      lines: [{ grantId: 'a', amountMinor: -55n, leftMinor: 45n }],
      subtotalMinor: 90n,
    });
  });

  it('pays no more than is due after what a line gives back', () => {
    const lines = [usage(30n), usage(-25n, { kind: 'fixed_fee_credit', meter: null })];
    expect(burnFor(lines, grant('a'))).toMatchObject({ lines: [{ amountMinor: -5n }], subtotalMinor: 0n });
  });

  it('pays no fee with what usage gives back: that is taken off its own meter first, then off the others', () => {
    const fee = usage(1_000n, { kind: 'fixed_fee', meter: null });
    const filled = usage(-90n, { kind: 'minimum_commitment' });
    const late = [usage(95n, { kind: 'late_usage' }), filled];
    expect(burnFor([fee, ...late], grant('a')).lines).toEqual([{ grantId: 'a', amountMinor: -5n, leftMinor: 95n }]);
    const tokens = usage(50n, { meter: 'tokens' });
    expect(burnFor([fee, ...late, tokens], grant('a', { meter: 'requests' })).lines).toMatchObject([
      { amountMinor: -5n },
    ]);
    expect(burnFor([fee, filled, tokens, usage(60n)], grant('a')).lines).toMatchObject([{ amountMinor: -20n }]);
    expect(burnFor([fee, filled, usage(18n, { kind: 'discount' }), usage(80n)], grant('a')).lines).toMatchObject([
      { amountMinor: -8n },
    ]);
  });

  it('pays with a grant for one product or meter the usage of that one only, and the rest with others', () => {
    const lines = [usage(30n), usage(20n, { meter: 'tokens' })];
    const tokens = grant('tokens', { priority: 0, apiProductId: 'weather', meter: 'tokens' });
    const maps = grant('maps', { priority: 0, apiProductId: 'maps' });
    expect(burnFor(lines, tokens, maps, grant('any', { amountMinor: 25n }))).toEqual({
      lines: [
        { grantId: 'tokens', amountMinor: -20n, leftMinor: 80n },
        { grantId: 'any', amountMinor: -25n, leftMinor: 0n },
      ],
      subtotalMinor: 5n,
    });
  });

  it('burns nothing for an invoice over nothing', () => {
    expect(burn(0n, grant('a')).lines).toEqual([]);
  });

  it('refuses a grant of which more was burned than it had', () => {
    expect(() => burn(1n, grant('a', { burnedMinor: 101n }))).toThrow(/grant a/);
  });

  it('adds up, whatever the grants and their order: Σ lines − credits = subtotal', () => {
    const aGrant = fc.record({
      amountMinor: fc.bigInt(1n, 500n),
      priority: fc.integer({ min: 0, max: 3 }),
      grantedAtMs: fc.integer({ min: at - 5, max: at + 2 }),
      expiresAtMs: fc.option(fc.integer({ min: at - 2, max: at + 5 })),
    });
    fc.assert(
      fc.property(fc.array(aGrant, { maxLength: 8 }), fc.bigInt(0n, 2_000n), (changes, dueMinor) => {
        const grants = changes.map((change, index) => grant(`g${index}`, change));
        const burned = burn(dueMinor, ...grants);
        const credits = burned.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
        expect(dueMinor + credits).toBe(burned.subtotalMinor);
        expect(burned.subtotalMinor).toBeGreaterThanOrEqual(0n);
        expect(burn(dueMinor, ...grants.toReversed())).toEqual(burned);
      }),
    );
  });
});
