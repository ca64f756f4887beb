import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exactToText, one, roundedShare, toExact } from './exact.js';
import { priceAmounts } from './price-amounts.js';
import type { Price } from './price.js';

interface GoldenTier {
  readonly up_to: string | null;
  readonly unit_amount?: string;
  readonly flat_amount?: string;
}

interface GoldenCase {
  readonly id: string;
  readonly model: string;
  readonly amount_unit: string;
  readonly params: {
    readonly unit_amount?: string;
    readonly package_size?: string;
    readonly package_amount?: string;
    readonly round?: string;
    readonly tiers?: readonly GoldenTier[];
  };
  readonly quantity: string;
  readonly pre_period_quantity?: string;
  readonly expected_amount?: string;
}

const file = path.resolve(import.meta.dirname, '../../../../../shared/golden/rating.json');
describe('what prices cost', () => {
  it.skipIf(!existsSync(file))('is what the golden rating.json says, where Stripe has the model', () => {
    const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: GoldenCase[] };
    const compared = cases
      .filter(isOfStripe)
      .map((each) => ({ id: each.id, expected: centsOf(each), cost: costOf(each) }));
    expect(compared.filter(({ expected, cost }) => expected !== cost)).toEqual([]);
    expect(compared.length).toBeGreaterThan(70);
  });
});

const parameters: Readonly<Record<string, readonly string[]>> = {
  unit: ['unit_amount'],
  package: ['package_size', 'package_amount', 'round'],
  graduated: ['tiers'],
  volume: ['tiers'],
};

/**
 * Whole periods of what a Stripe price can say. Left out are minimums, maximums, free units and conversions, which it
 * cannot; tiers with fractions; and the flat amount of the first tier without usage, of which Stripe says nothing.
 */
function isOfStripe({ id, model, params, quantity, ...each }: GoldenCase): boolean {
  const known = parameters[model];
  if (known === undefined || each.expected_amount === undefined || (each.pre_period_quantity ?? '0') !== '0')
    return false;
  if (!Object.keys(params).every((name) => known.includes(name))) return false;
  if (/unitconfig|bucketed|group/.test(id)) return false;
  if (!/^\d*$/.test(params.package_size ?? '')) return false;
  const { tiers = [] } = params;
  if (tiers.some(({ up_to: upTo }) => upTo !== null && !/^\d+$/.test(upTo))) return false;
  return quantity !== '0' || toExact(tiers[0]?.flat_amount ?? '0') === 0n;
}

/** The golden amount in cents, rounded as the last step. */
function centsOf({ expected_amount: amount = '0', amount_unit: unit }: GoldenCase): number {
  return roundedShare(toExact(amount), unit === 'minor' ? 1n : 100n, one);
}

function costOf(each: GoldenCase): number {
  const minor = (amount = '0'): string => exactToText(toExact(amount) * (each.amount_unit === 'minor' ? 1n : 100n));
  return priceAmounts(priceOf(each, minor), each.quantity).reduce((sum, { amount }) => sum + amount, 0);
}

function priceOf({ model, params }: GoldenCase, minor: (amount?: string) => string): Price {
  const plain = { tiers: null, tiers_mode: null, transform_quantity: null, unit_amount_decimal: null };
  if (model === 'unit') return { ...plain, unit_amount_decimal: minor(params.unit_amount) } as Price;
  if (model === 'package') {
    const transform = { divide_by: Number(params.package_size), round: params.round === 'down' ? 'down' : 'up' };
    return { ...plain, transform_quantity: transform, unit_amount_decimal: minor(params.package_amount) } as Price;
  }
  const tiers = (params.tiers ?? []).map(({ up_to: upTo, unit_amount: unit, flat_amount: flat }) => ({
    flat_amount: null,
    flat_amount_decimal: flat === undefined || toExact(flat) === 0n ? null : minor(flat),
    unit_amount: null,
    unit_amount_decimal: minor(unit),
    up_to: upTo === null ? null : Number(upTo),
  }));
  return { ...plain, tiers, tiers_mode: model } as unknown as Price;
}
