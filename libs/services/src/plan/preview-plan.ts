import {
  type PlanDefinition,
  type RatedLine,
  byMonth,
  curveQuantities,
  exampleQuantities,
  rateMeterAlone,
  ratePlan,
} from '#domain';
import { listMetersOfProduct, listRoutesOfProduct } from '#persistence';
import { type PlanTerms, definitionOf } from '../catalog/plan-in-file.js';
import type { ServiceContext } from '../context.js';
import { checkTerms, findOwnProduct } from './own-plan.js';

/** Points between those that are examples. */
const CURVE_STEPS = 40;

/** What a month of one meter costs at some quantities, in minor units. */
export interface MeterPreview {
  readonly meter: string;
  readonly examples: readonly {
    readonly quantity: string;
    readonly amountMinor: bigint;
    readonly lines: readonly RatedLine[];
  }[];
  readonly curve: readonly { readonly quantity: string; readonly amountMinor: bigint }[];
}

export interface PlanPreview {
  readonly currency: string;
  /** The fee of a month; of a yearly one a twelfth. */
  readonly monthlyFeeMinor: bigint;
  readonly meters: readonly MeterPreview[];
}

export interface PreviewPlanInput {
  /** Slug of the product that the plan is of. */
  readonly product: string;
  readonly terms: PlanTerms;
  readonly publisherUserId: string;
}

/**
 * Checks the terms of a plan as saving them does, and prices each of its meters where it is worth a look, by the function
 * that closes periods. Writes nothing.
 * @throws NotFoundError `product_not_found`; RefusedInPlacesError with every fault of the terms
 */
export async function previewPlan(
  context: ServiceContext,
  { product: slug, terms, publisherUserId }: PreviewPlanInput,
): Promise<PlanPreview> {
  const subject = await context.unitOfWork.inSystem(async (transaction) => {
    const { id } = await findOwnProduct(transaction, { slug, publisherUserId });
    return { meters: await listMetersOfProduct(transaction, id), routes: await listRoutesOfProduct(transaction, id) };
  });
  checkTerms(terms, subject, slug);
  return preview(definitionOf(terms, subject.meters));
}

function preview(definition: PlanDefinition): PlanPreview {
  const fee = ratePlan({
    definition: byMonth({ ...definition, prices: [] }),
    period: { startMs: 0, endMs: 0 },
    usage: {},
  });
  return {
    currency: definition.currency,
    monthlyFeeMinor: fee.subtotalMinor,
    meters: definition.prices.map((price) => {
      const quantities = exampleQuantities(price);
      const rate = (quantity: string) => rateMeterAlone(definition, price.meter, quantity);
      return {
        meter: price.meter,
        examples: quantities.map((quantity) => {
          const { subtotalMinor, lines } = rate(quantity);
          return { quantity, amountMinor: subtotalMinor, lines };
        }),
        curve: curveQuantities(quantities, CURVE_STEPS).map((quantity) => ({
          quantity,
          amountMinor: rate(quantity).subtotalMinor,
        })),
      };
    }),
  };
}
