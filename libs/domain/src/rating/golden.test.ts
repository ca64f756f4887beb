import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DecimalString, PlanDefinition, PriceModel } from '../catalog/plan-definition.js';
import { addDecimals, compareDecimals } from '../money/decimal.js';
import { formatMinor } from '../money/minor-units.js';
import { rateLate } from './rate-late.js';
import { ratePlan } from './rate-plan.js';
import type { RatedLine } from './rated-line.js';

/** A published example of another billing system: what it was asked, and what it answered. */
interface GoldenCase {
  readonly id: string;
  readonly model: string;
  readonly currency: string;
  readonly amount_unit: string;
  readonly line_mode: string;
  readonly quantity: DecimalString;
  readonly pre_period_quantity?: DecimalString;
  readonly quantity_buckets?: readonly DecimalString[];
  readonly quantity_transform?: unknown;
  readonly discounts?: unknown;
  readonly params: GoldenParams;
  readonly expected_amount: DecimalString;
  readonly unrounded?: DecimalString;
  readonly tags?: readonly string[];
}

interface GoldenParams {
  readonly amount?: DecimalString;
  readonly unit_amount?: DecimalString;
  readonly tiers?: readonly {
    readonly up_to: DecimalString | null;
    readonly unit_amount: DecimalString;
    readonly flat_amount: DecimalString;
  }[];
  readonly minimum_amount?: DecimalString;
  readonly maximum_amount?: DecimalString;
}

const file = path.resolve(import.meta.dirname, '../../../..', '../shared/golden/rating.json');
const exists = existsSync(file);
const all = exists ? (JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly GoldenCase[] }).cases : [];
const eligible = all.filter(isSupported);
const conflicting = eligible.filter(isPolicyConflict);
const agreeing = eligible.filter((golden) => !isPolicyConflict(golden));
const howToGet = exists
  ? ''
  : ' (skipped: put the collected cases at ../shared/golden/rating.json beside this checkout)';
const period = { startMs: Date.UTC(2026, 0, 1), endMs: Date.UTC(2026, 1, 1) };

describe('rating against published cases of other billing systems', () => {
  it.skipIf(!exists)(
    `gives the exact amount of ${exists ? agreeing.length : 'all'} published cases of its models${howToGet}`,
    () => {
      expect(agreeing.length).toBeGreaterThanOrEqual(35);
      const wrong = agreeing.flatMap((golden) => {
        const { unrounded, settled } = rate(golden);
        const expected = golden.unrounded ?? golden.expected_amount;
        const exact = compareDecimals(unrounded, expected) === 0;
        const rounded = golden.unrounded === undefined || compareDecimals(settled, golden.expected_amount) === 0;
        return exact && rounded ? [] : [{ id: golden.id, expected, unrounded, settled }];
      });
      expect(wrong).toEqual([]);
    },
  );

  it.skipIf(!exists)(`charges no first-tier flat amount without usage, the one known difference${howToGet}`, () => {
    expect(conflicting.length).toBeGreaterThan(0);
    for (const golden of conflicting) {
      expect(golden.expected_amount).toBe(golden.params.tiers?.[0]?.flat_amount);
      expect(rate(golden).unrounded).toBe('0');
    }
  });
});

/** Flat, unit and graduated prices of a whole period; minimums, caps, discounts and conversions are not modelled. */
function isSupported(golden: GoldenCase): boolean {
  const { minimum_amount, maximum_amount } = golden.params;
  return (
    ['flat', 'unit', 'graduated'].includes(golden.model) &&
    golden.line_mode === 'full_period' &&
    golden.amount_unit === 'major' &&
    [minimum_amount, maximum_amount, golden.discounts, golden.quantity_transform].every((field) => field === undefined)
  );
}

/** Some systems charge the first tier's flat amount for a period without usage; Tollgate does not. */
function isPolicyConflict({ tags = [], quantity }: GoldenCase): boolean {
  return tags.includes('zero_usage_first_tier_flat') && quantity === '0';
}

function rate(golden: GoldenCase): { unrounded: DecimalString; settled: DecimalString } {
  const lines = linesOf(golden);
  const settledMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  return {
    unrounded: addDecimals(...lines.map(({ unroundedAmount }) => unroundedAmount)),
    settled: formatMinor(settledMinor, golden.currency),
  };
}

function linesOf(golden: GoldenCase): readonly RatedLine[] {
  const definition = toPlanDefinition(golden);
  const rateAlone = (units: DecimalString) => ratePlan({ definition, period, usage: { units } }).lines;
  if (golden.quantity_buckets !== undefined) return golden.quantity_buckets.flatMap(rateAlone);

  const before = golden.pre_period_quantity ?? '0';
  if (before === '0') return rateAlone(golden.quantity);
  const usage = { units: addDecimals(before, golden.quantity) };
  return rateLate({ definition, period, billedUsage: { units: before }, usage, firstPosition: 1 });
}

function toPlanDefinition({ model, currency, params }: GoldenCase): PlanDefinition {
  const prices = model === 'flat' ? [] : [{ meter: 'units', included: '0', price: toPriceModel(params) }];
  const fixedFee = model === 'flat' ? params.amount! : '0';
  return { currency, billingInterval: 'month', fixedFee, prices, rateLimits: [], quotas: [] };
}

function toPriceModel(params: GoldenParams): PriceModel {
  if (params.tiers === undefined) return { model: 'per_unit', unitAmount: params.unit_amount! };
  const tiers = params.tiers.map((tier) => ({
    upTo: tier.up_to,
    unitAmount: tier.unit_amount,
    flatAmount: tier.flat_amount,
  }));
  return { model: 'graduated', tiers };
}
