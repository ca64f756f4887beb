import type { PlanTerms } from '../api/types.js';
import { formatAmount } from '../format/money.js';
import { formatQuantity } from '../format/number.js';
import { capitalized } from '../format/text.js';
import { priceModels } from '../plan-editor/plan-terms.js';

const names: Readonly<Record<string, string>> = {
  prices: 'price of',
  quotas: 'quota',
  rateLimits: 'rate limit',
  tiers: 'tier',
  upTo: 'up to',
  withoutStore: 'when the store of limits is away',
  moneyRefusalStatus: 'status for want of money',
  whenCreditsRunOut: 'when prepaid credits run out',
  requiresApproval: 'approval needed',
  currency: 'currency',
  rating: 'who rates usage',
  fixedFeeDue: 'fixed fee due',
  setupFee: 'set-up fee',
  allow: 'only',
  deny: 'all but',
};
/** Parts that say nothing to people: a price has a price. */
const SILENT = new Set(['price', 'entitlements']);

/** Where something of a plan is, for people: "prices[requests].price.tiers[1].unitAmount" → "Price of requests, tier 2, unit amount". */
export function placeWords(path: string): string {
  const parts = path.split(/\.(?![^[]*\])/).flatMap((part, index, all) => {
    const [, name = part, key] = /^(\w+)(?:\[(.*)\])?$/.exec(part) ?? [];
    if (SILENT.has(name) && (index > 0 || name === 'entitlements') && index < all.length - 1) return [];
    const words = names[name] ?? name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    if (key === undefined) return [words];
    return [`${words} ${/^\d+$/.test(key) ? Number(key) + 1 : key}`];
  });
  return capitalized(parts.join(', '));
}

/** The same for the path of a fault, which counts what has a name: "prices.0.price.tiers.1.upTo". */
export function faultPlaceWords(path: string, terms: Pick<PlanTerms, 'prices' | 'quotas' | 'rateLimits'>): string {
  const [, list, index, rest = ''] = /^(prices|quotas|rateLimits)\.(\d+)(.*)$/.exec(path) ?? [];
  const named = list === undefined ? undefined : terms[list as keyof typeof terms][Number(index)];
  const name = named && ('name' in named ? named.name : named.meter);
  const start = name === undefined ? path : `${list}[${name}]${rest}`;
  return placeWords(start.replace(/\.(\d+)(?=\.|$)/g, '[$1]'));
}

const amountEnd = /(?:Fee|Amount|PerEvent)$/;

/** A value of a plan as people read it: a price model by its name, money with its currency, "–" for nothing. */
export function valueWords(path: string, value: string | null, currency: string): string {
  if (value === null) return '–';
  if (/^\d+(?:\.\d+)?$/.test(value))
    return amountEnd.test(path) ? formatAmount(value, currency) : formatQuantity(value);
  if (!path.endsWith('.model')) return value;
  return value in priceModels ? priceModels[value as keyof typeof priceModels].label : value;
}
