import { ProblemError } from '../api/problem.js';
import type { MeterPrice, PlanMeter, PlanTerms } from '../api/types.js';

export type PriceModel = MeterPrice['price'];
export type TieredPrice = Extract<PriceModel, { tiers: readonly unknown[] }>;
export type Tier = TieredPrice['tiers'][number];

/** The price models by what they are called, and what each does. */
export const priceModels: Readonly<Record<PriceModel['model'], { readonly label: string; readonly does: string }>> = {
  per_unit: { label: 'Per unit', does: 'Every unit costs the same.' },
  graduated: { label: 'Graduated', does: 'Each unit costs what its tier says.' },
  volume: { label: 'Volume', does: 'All units cost what the tier that is reached says.' },
  package: { label: 'Package', does: 'Units are sold in whole packages.' },
  percentage: { label: 'Percentage', does: 'A share of the value of each event.' },
  graduated_percentage: { label: 'Graduated percentage', does: 'A share of the value in each tier.' },
  dynamic: { label: 'Dynamic', does: 'Each event says what it costs.' },
};

/** How events become units, in words. */
export const aggregationWords: Readonly<Record<PlanMeter['aggregation'], string>> = {
  sum: 'all quantities are added up',
  count: 'each event counts one',
  max: 'the highest quantity counts',
  last: 'the last quantity counts',
  unique: 'each different value counts once',
};

/** A price of that model to begin with: it costs nothing. */
export function priceOfModel(model: PriceModel['model']): PriceModel {
  switch (model) {
    case 'per_unit':
      return { model, unitAmount: '0' };
    case 'graduated':
    case 'volume':
      return {
        model,
        tiers: [
          { upTo: '1000', unitAmount: '0', flatAmount: '0' },
          { upTo: null, unitAmount: '0', flatAmount: '0' },
        ],
      };
    case 'graduated_percentage':
      return {
        model,
        tiers: [
          { upTo: '1000', ratePercent: '0', flatAmount: '0' },
          { upTo: null, ratePercent: '0', flatAmount: '0' },
        ],
      };
    case 'package':
      return { model, packageSize: '1000', packageAmount: '0', round: 'up' };
    case 'percentage':
      return { model, ratePercent: '0' };
    case 'dynamic':
      return { model, multiplier: '1' };
  }
}

/** The price as another model, with its tiers where both have the same ones. */
export function changeModel(price: PriceModel, model: PriceModel['model']): PriceModel {
  const hasUnitTiers = (name: string) => name === 'graduated' || name === 'volume';
  if (hasUnitTiers(price.model) && hasUnitTiers(model)) return { ...price, model } as PriceModel;
  return priceOfModel(model);
}

/** The tiers with one more before the open one, up to twice the last bound; its price is that of the open one. */
export function addTier<One extends Tier>(tiers: readonly One[]): One[] {
  const open = tiers.at(-1)!;
  const bound = Number(tiers.at(-2)?.upTo ?? '500');
  const upTo = Number.isFinite(bound) && bound > 0 && bound < 1e15 ? String(bound * 2) : '';
  return [...tiers.slice(0, -1), { ...open, upTo, flatAmount: '0' }, open];
}

/** The tiers without one; what is last then is open. */
export function removeTier<One extends Tier>(tiers: readonly One[], index: number): One[] {
  const left = tiers.filter((_, position) => position !== index);
  return left.map((tier, position) => (position === left.length - 1 ? { ...tier, upTo: null } : tier));
}

/** The object with a field that may be absent: without it for undefined. */
export function withOptional<Whole extends object, Field extends keyof Whole>(
  whole: Whole,
  field: Field,
  value: Whole[Field] | undefined,
): Whole {
  const changed = { ...whole };
  if (value === undefined) delete changed[field];
  else changed[field] = value;
  return changed;
}

/** A list with one of its items changed; without it for null. */
export function changedAt<Item>(list: readonly Item[], index: number, item: Item | null): Item[] {
  return item === null ? list.toSpliced(index, 1) : list.toSpliced(index, 1, item);
}

/** The meters that have no price yet. */
export function unpricedMeters(terms: PlanTerms, meters: readonly PlanMeter[]): PlanMeter[] {
  return meters.filter(({ slug }) => terms.prices.every(({ meter }) => meter !== slug));
}

/** A name that no limit of the plan has: they share their names in response headers. */
export function freeName({ quotas, rateLimits }: PlanTerms, wish: string): string {
  const taken = new Set([...quotas, ...rateLimits].map(({ name }) => name));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wish : `${wish}-${number}`;
    if (!taken.has(name)) return name;
  }
}

/** What is at fault in the terms, by the path of the field: "prices.0.price.tiers.1.upTo"; the first fault of each. */
export function faultsByPath(error: unknown): ReadonlyMap<string, string> {
  if (!(error instanceof ProblemError)) return new Map();
  const faults = new Map<string, string>();
  for (const { path, message } of error.faults) {
    const field = path.replace(/^body\./, '');
    if (!faults.has(field)) faults.set(field, message);
  }
  return faults;
}
