import type { ProductTaxCategory } from '../tax/tax-category.js';
import type { Aggregation } from './aggregation.js';
import type { CreditPack } from '../credit/credit-pack.js';
import type { DistinctValue } from './distinct-value.js';
import type { MeterValue } from './meter-value.js';
import type { PlanDefinition } from './plan-definition.js';
import { canCost, isMoney } from './price-charges.js';

/** A sellable bundle of APIs (with all their published versions), with meters and plans of its own. */
export interface ApiProduct {
  readonly id: string;
  readonly publisherTeamId: string;
  readonly slug: string;
  readonly title: string;
  readonly summary: string;
  readonly description: string;
  /** By which readers of the catalogue find it. */
  readonly tags: readonly string[];
  readonly position: number;
  /** Calls that one application may make with test keys in a UTC day. */
  readonly testQuota: number;
  /** Which of a seller's rates is charged for it. */
  readonly taxCategory: ProductTaxCategory;
  /** As what the payment provider taxes it where it computes the tax (`TAX_CODE_FORM`); null as what its account says. */
  readonly taxCode: string | null;
  /** What it sells of prepaid credits. */
  readonly creditPacks: readonly CreditPack[];
  readonly createdAt: Date;
}

/** Which operations count into a meter: an operation id, `tag:NAME`, `METHOD /template`, or `*` for all. */
export interface MeterBinding {
  readonly selector: string;
  /** Units a matching request counts, or each unit of `value`; exact decimal. */
  readonly weight: string;
  /** Where the call's own number of units comes from; absent when every call counts the weight. */
  readonly value?: MeterValue | undefined;
}

/** What is counted. The first binding that matches an operation gives its weight. */
export interface Meter {
  readonly id: string;
  readonly apiProductId: string;
  readonly slug: string;
  readonly title: string;
  /** The unit in the singular, for people: "request". */
  readonly unit: string;
  /** A published plan version keeps the one that its prices were made for. */
  readonly aggregation: Aggregation;
  /** What is counted once; null for every aggregation but `unique`. */
  readonly distinctValue: DistinctValue | null;
  readonly bindings: readonly MeterBinding[];
}

export interface Plan {
  readonly id: string;
  readonly apiProductId: string;
  readonly slug: string;
  readonly title: string;
  readonly summary: string;
  readonly position: number;
  readonly visibility: PlanVisibility;
  readonly createdAt: Date;
}

/** Who may subscribe by themselves: anybody, nobody without the operator, or the organizations that are invited. */
export type PlanVisibility = 'public' | 'private' | 'invited';

/**
 * A `draft` may change and is for the publisher only; what is `retired` keeps its subscribers and gets no more. `custom` is the
 * terms of one subscription alone.
 */
export type PlanVersionState = 'draft' | 'published' | 'retired' | 'custom';

/** Immutable once published: a new price is a new version, and subscribers stay on theirs. */
export interface PlanVersion {
  readonly id: string;
  readonly planId: string;
  readonly number: number;
  readonly state: PlanVersionState;
  readonly definition: PlanDefinition;
  readonly definitionHash: string;
  readonly publishedAt: Date;
}

/** True when the plan can never cost anything, so that no payment method is asked for. */
export function isFreeOfCharge({ fixedFee, setupFee, prices }: PlanDefinition): boolean {
  const hasFee = isMoney(fixedFee) || isMoney(setupFee);
  return !hasFee && prices.every((price) => !isMoney(price.minimumAmount) && !canCost(price.price));
}
