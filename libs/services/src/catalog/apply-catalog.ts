import { DEFAULT_SELLER, type EncryptionKey, InvalidError, type PublisherTeam, type Seller } from '#domain';
import type { OpenApiDocument } from '#openapi';
import {
  type Actor,
  type Transaction,
  type UnpayableSeller,
  appendChange,
  appendToAuditLog,
  findPublisherTeam,
  findSeller,
  isPrefixTaken,
  listUnpayableSellers,
  lockCatalog,
  savePublisherTeam,
  saveSeller,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { applyApi } from './apply-api.js';
import { applyCoupon } from './apply-coupon.js';
import { applyProduct } from './apply-product.js';
import { requireTaxableProducts } from '../tax/seller-tax.js';
import { applyTaxRates } from './apply-tax-rates.js';
import { requireDigest } from './catalog-digest.js';
import { CatalogRefusedError, faultInWords } from './catalog-refused-error.js';
import { type CatalogChange, changedFields } from './catalog-change.js';
import type { CatalogFile } from './catalog-file.js';
import { catalogFaults } from './catalog-faults.js';
import { requireClearPlaces } from './require-clear-places.js';
import { requireOwnParts } from './require-own-parts.js';
import { remarkUnknownNames } from './traffic-remarks.js';

export interface ApplyCatalogInput {
  readonly file: CatalogFile;
  /** The OpenAPI documents by "api/version". */
  readonly documents: ReadonlyMap<string, OpenApiDocument>;
  /** Seal the upstream credentials; the first is the current one. */
  readonly encryptionKeys: readonly EncryptionKey[];
  /** Whether upstreams may be in private networks. */
  readonly allowsPrivateUpstreams: boolean;
  /** Whether upstreams may have any certificate. Default false. */
  readonly allowsUnverifiedUpstreams?: boolean;
  /** Whether targets may be in files of the gateways; default false. */
  readonly allowsTargetFiles?: boolean;
  /** The names of variables without a value, by the place of the secret that they are for. */
  readonly unsetSecrets?: ReadonlyMap<string, string>;
  /** Of a person's own publisher teams only, and nothing of the operator's; default all. */
  readonly publisherUserId?: string;
  /** Change nothing unless this is the `catalogDigest` of the file and of what it changes; default: whatever it changes. */
  readonly expectedDigest?: string;
  /** Only say what would change. */
  readonly dryRun: boolean;
  readonly actor: Actor;
}

/** What the parts of the work have at hand; `changes` collects what they did. */
export interface ApplyWork {
  readonly context: ServiceContext;
  readonly transaction: Transaction;
  readonly documents: ReadonlyMap<string, OpenApiDocument>;
  readonly unsetSecrets: ReadonlyMap<string, string>;
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly actor: Actor;
  /** The order of products is the file's; else each stays where it is, and new ones come last. */
  readonly ordersProducts: boolean;
  readonly changes: CatalogChange[];
}

class DryRun extends Error {}

/**
 * Makes the catalogue what the file says, in one transaction: all of it or nothing. What the file does not name stays.
 * Applying a file twice changes nothing the second time; a changed plan becomes a new plan version, and subscribers
 * stay on theirs. Returns the changes in the order made.
 * @throws CatalogRefusedError `catalog_invalid` with every fault of the file, `catalog_not_own` for a publisher; ConflictError
 *   `catalog_changed` where another digest is expected
 */
export async function applyCatalog(
  context: ServiceContext,
  input: ApplyCatalogInput,
): Promise<readonly CatalogChange[]> {
  const faults = catalogFaults(input.file, input);
  if (faults.length > 0)
    throw new CatalogRefusedError(
      'catalog_invalid',
      'The catalogue file has faults',
      faults,
      faults.map((fault) => faultInWords(input.file, fault)),
    );
  const changes: CatalogChange[] = [];
  try {
    await context.unitOfWork.inSystem(async (transaction) => {
      await lockCatalog(transaction);
      const { documents, unsetSecrets = new Map(), encryptionKeys, publisherUserId, actor } = input;
      if (publisherUserId !== undefined) await requireOwnParts(transaction, input.file, publisherUserId);
      const ordersProducts = publisherUserId === undefined;
      const given = { documents, unsetSecrets, encryptionKeys, actor, ordersProducts };
      const work: ApplyWork = { context, transaction, ...given, changes };
      const unpayable = await listUnpayableSellers(transaction);
      if (input.file.seller) await applySeller(work, { slug: DEFAULT_SELLER, ...input.file.seller }, 'seller');
      for (const seller of input.file.sellers) await applySeller(work, seller, `sellers.${seller.slug}`);
      for (const publisher of input.file.publishers) await applyPublisher(work, publisher);
      for (const api of input.file.apis) await applyApi(work, api);
      await requireClearPlaces(transaction);
      for (const [position, product] of input.file.products.entries()) await applyProduct(work, product, position);
      for (const coupon of input.file.coupons) await applyCoupon(work, coupon);
      await requirePayableSellers(transaction, unpayable);
      await requireTaxableProducts(transaction);
      await remarkUnknownNames(work, input.file);
      requireDigest(input.expectedDigest, input, changes);
      if (input.dryRun) throw new DryRun();
      await recordChanges(work, input.actor);
    });
  } catch (error) {
    if (!(error instanceof DryRun)) throw error;
  }
  return changes;
}

type SellerInFile = Omit<Seller, 'tax'> & Pick<CatalogFile['sellers'][number], 'tax' | 'taxRates'>;

async function applySeller(work: ApplyWork, { taxRates, ...seller }: SellerInFile, path: string): Promise<void> {
  await applyOwnFields(work, seller);
  if (taxRates) await applyTaxRates(work, { sellerSlug: seller.slug, path: `${path}.taxRates`, rates: taxRates });
}

async function applyOwnFields(
  { transaction, changes }: ApplyWork,
  { tax, ...own }: Omit<SellerInFile, 'taxRates'>,
): Promise<void> {
  const current = await findSeller(transaction, own.slug);
  const desired: Seller = { ...own, tax: tax ?? current?.tax ?? 'own' };
  const fields = current ? changedFields<Seller>(current, desired) : [];
  if (current && fields.length === 0) return;
  if (await isPrefixTaken(transaction, desired))
    throw new InvalidError(
      'invoice_prefix_taken',
      `The invoice prefix ${desired.invoicePrefix} of seller "${desired.slug}" is, or was, that of another seller: choose one of its own.`,
    );
  await saveSeller(transaction, desired);
  changes.push({ action: current ? 'update' : 'create', noun: 'seller', name: desired.name, fields });
}

/** What was so before may stay so; the file makes no seller unpayable. @throws InvalidError `seller_account_needed` */
async function requirePayableSellers(transaction: Transaction, before: readonly UnpayableSeller[]): Promise<void> {
  const made = (await listUnpayableSellers(transaction)).find(({ slug }) => before.every((one) => one.slug !== slug));
  if (!made) return;
  throw new InvalidError(
    'seller_account_needed',
    `The seller "${made.slug}" would have no bankAccount, and ${made.payers} organizations that pay by transfer subscribe to its products: ` +
      'leave it in the file, or let them pay by card first (`tollgate organization terms ID --method card`).',
  );
}

async function applyPublisher(
  { context, transaction, changes }: ApplyWork,
  { slug, name, seller }: CatalogFile['publishers'][number],
): Promise<void> {
  const current = await findPublisherTeam(transaction, slug);
  const team: PublisherTeam = {
    id: current?.id ?? context.ids.next(),
    slug,
    name,
    sellerSlug: seller ?? current?.sellerSlug ?? DEFAULT_SELLER,
    createdAt: current?.createdAt ?? context.clock.now(),
  };
  const fields = current ? changedFields<PublisherTeam>(current, team) : [];
  if (current && fields.length === 0) return;
  if (!(await findSeller(transaction, team.sellerSlug)))
    throw new InvalidError(
      'seller_unknown',
      `publishers.${slug}.seller: there is no seller "${team.sellerSlug}". Name it under "sellers".`,
    );
  await savePublisherTeam(transaction, team);
  changes.push({ action: current ? 'update' : 'create', noun: 'publisher', name: slug, fields });
}

/** Writes what was done into the audit log, and tells the gateways; nothing when nothing was. */
export async function recordChanges(
  { context, transaction, changes }: Pick<ApplyWork, 'context' | 'transaction' | 'changes'>,
  actor: Actor,
): Promise<void> {
  const made = changes.filter(({ action }) => action !== 'keep');
  if (made.length === 0) return;
  for (const change of made) {
    // Written down already, with all that it says.
    if (change.noun === 'tax rate') continue;
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: null,
      actor,
      action: change.action === 'publish' ? 'published' : `${change.action}d`,
      noun: change.noun,
      nounId: change.name,
      details: { fields: change.fields.map(({ field }) => field) },
      createdAt: context.clock.now(),
    });
  }
  await appendChange(transaction, 'catalog', 'all', context.clock.now());
}
