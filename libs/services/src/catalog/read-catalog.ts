import { NotFoundError, type ProductTerms, includesOperation } from '#domain';
import {
  type CatalogApiVersion,
  type CatalogProduct,
  type DocumentedApiVersion,
  type EntitledPlan,
  type OfferedPlanVersion,
  type ProductPlace,
  type Slice,
  findApiProduct,
  findDocumentedApiVersion,
  findOfferedPlanVersion,
  findTerms,
  listCatalogProducts,
  listDocumentedVersions,
  listPublicPlansOfApi,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** API products in the order of the catalogue, after a place in it, with published versions, meters and current plans. */
export function listProducts(context: ServiceContext, slice: Slice<ProductPlace> = {}): Promise<CatalogProduct[]> {
  return context.unitOfWork.inSystem((transaction) => listCatalogProducts(transaction, {}, slice));
}

/** The same with the plans that an organization is invited to. */
export function listOfferedProducts(
  context: ServiceContext,
  organizationId: string,
  slice: Slice<ProductPlace> = {},
): Promise<CatalogProduct[]> {
  return context.unitOfWork.inSystem((transaction) => listCatalogProducts(transaction, { organizationId }, slice));
}

/**
 * One API product.
 * @throws NotFoundError `product_not_found`
 */
export async function findProduct(context: ServiceContext, slug: string): Promise<CatalogProduct> {
  const [product] = await context.unitOfWork.inSystem((transaction) => listCatalogProducts(transaction, { slug }));
  if (!product) throw new NotFoundError('product');
  return product;
}

/**
 * The terms of a product of one version, or those in force for null.
 * @throws NotFoundError `product_not_found`, `terms_not_found`
 */
export function findProductTerms(context: ServiceContext, slug: string, version: string | null): Promise<ProductTerms> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const product = await findApiProduct(transaction, slug);
    if (!product) throw new NotFoundError('product');
    const terms = await findTerms(transaction, product.id, version);
    if (!terms) throw new NotFoundError('terms');
    return terms;
  });
}

/**
 * A plan version by its id, whether it is still offered or not; no draft, and no terms of one subscription.
 * @throws NotFoundError `plan_version_not_found`
 */
export async function findPlanVersion(context: ServiceContext, id: string): Promise<OfferedPlanVersion> {
  const found = await context.unitOfWork.inSystem((transaction) => findOfferedPlanVersion(transaction, id));
  if (!found || found.state === 'draft' || found.state === 'custom') throw new NotFoundError('plan version');
  return found;
}

/** A version of an API with its document, and the versions that one can switch to, the newest first. */
export interface ApiVersionPage extends DocumentedApiVersion {
  readonly versions: readonly Pick<CatalogApiVersion, 'name' | 'state' | 'latest'>[];
  /**
   * By "METHOD /template" the titles of the public plans that have the operation; only of operations that some plan with this
   * API lacks.
   */
  readonly plansOfOperations: ReadonlyMap<string, readonly string[]>;
}

/**
 * The version `name` of the API, or the latest one for `latest`. Drafts are not found.
 * @throws NotFoundError `api_version_not_found`
 */
export function findApiVersionPage(context: ServiceContext, api: string, name: string): Promise<ApiVersionPage> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const found = await findDocumentedApiVersion(transaction, api, name);
    if (!found) throw new NotFoundError('API version');
    const plans = await listPublicPlansOfApi(transaction, api);
    return {
      ...found,
      versions: await listDocumentedVersions(transaction, api),
      plansOfOperations: plansOfOperations(found, plans),
    };
  });
}

function plansOfOperations({ routes }: DocumentedApiVersion, plans: readonly EntitledPlan[]): Map<string, string[]> {
  return new Map(
    routes.flatMap((route): [string, string[]][] => {
      const having = plans.filter(({ entitlements }) => includesOperation(entitlements ?? undefined, route));
      if (having.length === plans.length) return [];
      return [[`${route.method} ${route.template}`, [...new Set(having.map(({ title }) => title))]]];
    }),
  );
}
