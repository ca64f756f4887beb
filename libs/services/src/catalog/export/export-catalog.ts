import { type Api, InvalidError, NotFoundError, type PublisherTeam } from '#domain';
import {
  type Transaction,
  findApiProduct,
  findTerms,
  listApiSlugsOfProduct,
  listApisOfTeams,
  listCodes,
  listCouponsOfTeam,
  listInvitedSlugs,
  listMeters,
  listPlansOfProduct,
  listProductsOfTeams,
  listRetiringVersions,
  listTeamsToExport,
  listSellers,
  listTaxRates,
  listVersionsOfPlan,
  listWholeApiVersions,
  sumDocumentBytes,
} from '#persistence';
import type { ServiceContext } from '../../context.js';
import { apiToFile } from './api-to-file.js';
import { couponToFile } from './coupon-to-file.js';
import { type ExportedCatalog, type ExportedPart, type InFile, placed } from './exported-catalog.js';
import { type ProductToExport, productToFile } from './product-to-file.js';
import { sellersToFile } from './seller-to-file.js';
import { VariableNames } from './variable-names.js';

/** What of the catalogue is exported. */
export interface ExportScope {
  /** Slug of a publisher team; null for all of them, and then their sellers too. */
  readonly publisher: string | null;
  /** Slug of a product, which comes with its publisher and APIs; null for all. */
  readonly product: string | null;
  /** Only of the teams of this person, without sellers; null for the operator. */
  readonly publisherUserId: string | null;
  /** The documents may have so many bytes together; null for any number. */
  readonly maxDocumentBytes: number | null;
}

/**
 * The catalogue, or a part of it, as a file that `tollgate apply` makes it again from: at one instant, in an order that depends on
 * nothing but its content. Sealed values are in it as variables without a value.
 * @throws NotFoundError `publisher_not_found`, `product_not_found`, also for those of others; InvalidError `catalog_too_large`
 */
export function exportCatalog(context: ServiceContext, scope: ExportScope): Promise<ExportedCatalog> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const teams = await teamsOf(transaction, scope);
    const names = new VariableNames();
    const products = (
      await listProductsOfTeams(
        transaction,
        teams.map(({ id }) => id),
      )
    ).filter(({ slug }) => scope.product === null || slug === scope.product);
    const bundled = new Map<string, readonly string[]>();
    for (const { id } of products) bundled.set(id, await listApiSlugsOfProduct(transaction, id));
    const wanted = new Set([...bundled.values()].flat());
    const apis = (
      await listApisOfTeams(
        transaction,
        teams.map(({ id }) => id),
      )
    ).filter(({ slug }) => scope.product === null || wanted.has(slug));
    await requireBounds(transaction, apis, scope);
    const slugOf = (teamId: string) => teams.find(({ id }) => id === teamId)!.slug;

    const apiParts: ExportedPart[] = [];
    for (const api of apis) {
      const versions = await listWholeApiVersions(transaction, api.id);
      if (versions.length === 0) continue;
      const retiring = await listRetiringVersions(transaction, api.id);
      apiParts.push(apiToFile(api, slugOf(api.publisherTeamId), versions, retiring, names));
    }
    const exported = new Set(apiParts.map(({ part }) => part['slug']));
    const productParts: ExportedPart[] = [];
    for (const [index, product] of products.entries()) {
      const slugs = bundled.get(product.id)!;
      const missingApis = slugs.filter((slug) => !exported.has(slug));
      const publisher = slugOf(product.publisherTeamId);
      const found = { product, publisher, apis: slugs, missingApis, ...(await contentsOf(transaction, product.id)) };
      productParts.push(productToFile(found, index));
    }
    const couponParts: ExportedPart[] = [];
    for (const team of teams) couponParts.push(...(await couponsOf(transaction, team, scope.product)));

    const ofApis = placed(apiParts, 'apis');
    const ofProducts = placed(productParts, 'products');
    const ofCoupons = placed(couponParts, 'coupons');
    const all = [ofApis, ofProducts, ofCoupons];
    const isWhole = scope.publisher === null && scope.product === null && scope.publisherUserId === null;
    const lists = {
      publishers: teams.map(({ slug, name, sellerSlug }) => ({ slug, name, ...(isWhole && { seller: sellerSlug }) })),
      apis: ofApis.parts,
      products: ofProducts.parts,
      coupons: ofCoupons.parts,
    };
    return {
      file: {
        tollgate: 1,
        ...(isWhole && (await sellersOf(transaction))),
        ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
      },
      remarks: all.flatMap(({ remarks }) => remarks),
      sideFiles: all.flatMap(({ sideFiles }) => sideFiles),
      variables: all.flatMap(({ variables }) => variables),
    };
  });
}

async function teamsOf(
  transaction: Transaction,
  { publisher, product, publisherUserId }: ExportScope,
): Promise<PublisherTeam[]> {
  const teams = await listTeamsToExport(transaction, { publisherUserId, slug: publisher });
  if (publisher !== null && teams.length === 0) throw new NotFoundError('publisher');
  if (product === null) return teams;
  const found = await findApiProduct(transaction, product);
  const owner = teams.filter(({ id }) => id === found?.publisherTeamId);
  if (owner.length === 0) throw new NotFoundError('product');
  return owner;
}

async function requireBounds(
  transaction: Transaction,
  apis: readonly Api[],
  { maxDocumentBytes }: ExportScope,
): Promise<void> {
  if (maxDocumentBytes === null) return;
  const bytes = await sumDocumentBytes(
    transaction,
    apis.map(({ id }) => id),
  );
  if (bytes > maxDocumentBytes)
    throw new InvalidError(
      'catalog_too_large',
      `The documents have ${Math.ceil(bytes / 1_048_576)} MiB together, and ${maxDocumentBytes / 1_048_576} MiB can be in one file: ` +
        'ask for one product, or let the operator run `tollgate catalog export`.',
    );
}

async function contentsOf(
  transaction: Transaction,
  productId: string,
): Promise<Pick<ProductToExport, 'terms' | 'meters' | 'plans'>> {
  const plans: ProductToExport['plans'][number][] = [];
  for (const plan of await listPlansOfProduct(transaction, productId)) {
    const versions = await listVersionsOfPlan(transaction, plan.id);
    plans.push({ plan, versions, invitations: (await listInvitedSlugs(transaction, plan.id)).length });
  }
  return {
    terms: await findTerms(transaction, productId),
    meters: await listMeters(transaction, productId),
    plans,
  };
}

/** All of a team; for one product those that are for nothing else. */
async function couponsOf(
  transaction: Transaction,
  team: PublisherTeam,
  product: string | null,
): Promise<ExportedPart[]> {
  const coupons = (await listCouponsOfTeam(transaction, team.id)).filter(
    ({ offers }) => product === null || (offers.length > 0 && offers.every((offer) => offer.split('/')[0] === product)),
  );
  const codes = await listCodes(
    transaction,
    coupons.map(({ id }) => id),
  );
  return coupons.map((coupon) => couponToFile(coupon, team.slug, codes.get(coupon.id) ?? []));
}

async function sellersOf(transaction: Transaction): Promise<InFile> {
  const sellers = await listSellers(transaction);
  return sellersToFile(
    sellers,
    await listTaxRates(
      transaction,
      sellers.map(({ slug }) => slug),
    ),
  );
}
