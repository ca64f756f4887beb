import type { ProductTerms } from '#domain';
import type { Actor } from '../audit/audit-log.js';
import type { Transaction } from '../database/unit-of-work.js';
import { NEWEST_TERMS } from './newest-terms.js';

const COLUMNS = 'id, api_product_id AS "apiProductId", version, text, published_at AS "publishedAt"';

/** The terms of a product of one version, or those in force for null; null when there are none. */
export async function findTerms(
  transaction: Transaction,
  apiProductId: string,
  version: string | null = null,
): Promise<ProductTerms | null> {
  const [found] = await transaction.query<ProductTerms>(
    `SELECT ${COLUMNS} FROM product_terms WHERE api_product_id = $1 AND ($2::text IS NULL OR version = $2)
     ${NEWEST_TERMS}`,
    [apiProductId, version],
  );
  return found ?? null;
}

export async function insertTerms(transaction: Transaction, terms: ProductTerms): Promise<void> {
  const { id, apiProductId, version, text, publishedAt } = terms;
  await transaction.query(
    'INSERT INTO product_terms (id, api_product_id, version, text, published_at) VALUES ($1, $2, $3, $4, $5)',
    [id, apiProductId, version, text, publishedAt],
  );
}

export interface TermsAcceptance {
  readonly subscriptionId: string;
  readonly organizationId: string;
  readonly productTermsId: string;
  readonly actor: Actor;
  readonly acceptedAt: Date;
}

/** False when they were accepted before; the first time stands. */
export async function insertTermsAcceptance(
  transaction: Transaction,
  { subscriptionId, organizationId, productTermsId, actor, acceptedAt }: TermsAcceptance,
): Promise<boolean> {
  const inserted = await transaction.query(
    `INSERT INTO terms_acceptance (subscription_id, product_terms_id, organization_id, actor_kind, actor_id, accepted_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1`,
    [subscriptionId, productTermsId, organizationId, actor.kind, actor.id, acceptedAt],
  );
  return inserted.length > 0;
}

export async function hasAcceptedTerms(
  transaction: Transaction,
  { subscriptionId, productTermsId }: Pick<TermsAcceptance, 'subscriptionId' | 'productTermsId'>,
): Promise<boolean> {
  const found = await transaction.query(
    'SELECT FROM terms_acceptance WHERE subscription_id = $1 AND product_terms_id = $2',
    [subscriptionId, productTermsId],
  );
  return found.length > 0;
}
