import type { Account, Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { testBillability } from '../metering/billability.js';
import type { OperationEntry, ProductEntry } from '../snapshot/catalog.js';
import type { CredentialEntry } from '../snapshot/credential-store.js';
import type { ApplicationEntry } from '../snapshot/snapshot.js';
import { entitledOrNot, productForTest } from './entitle.js';
import type { SubscriptionTerms } from './subscription-terms.js';

/** The account of a call that a subscription pays for. */
export function accountOf(
  application: ApplicationEntry,
  credential: CredentialEntry,
  { meterings }: OperationEntry,
  terms: SubscriptionTerms,
): Account {
  const productId = terms.subscription.apiProductId;
  const metering = meterings.get(productId)!;
  const { billability } = terms;
  return { mode: 'live', application, credential, productId, terms, testProduct: null, metering, billability };
}

/** The account of a call with a test key: it needs no subscription, has the product's test quota and is never billed. */
export function testAccountOf(
  application: ApplicationEntry,
  credential: CredentialEntry,
  { meterings }: OperationEntry,
  product: ProductEntry,
): Account {
  return {
    mode: 'test',
    application,
    credential,
    productId: product.id,
    terms: null,
    testProduct: product,
    metering: meterings.get(product.id)!,
    billability: testBillability,
  };
}

/**
 * The account of a caller that is known, but refused before it is known what would pay: whose limits it is told. Null where
 * nothing has limits for it: without a subscription, or a product.
 */
export function accountOfRefused(
  { snapshot, terms: termsBook }: GatewayCore,
  { admittedMs, operation }: Exchange,
  credential: CredentialEntry,
): Account | null {
  const application = snapshot.applications.get(credential.applicationId);
  if (application === undefined) return null;
  const { version } = operation!;
  if (credential.mode === 'test') {
    const product = productForTest(application, version, null);
    return typeof product === 'string' ? null : testAccountOf(application, credential, operation!, product);
  }
  const terms = entitledOrNot(application, version, snapshot.catalog.planVersions, termsBook, admittedMs);
  return terms === null ? null : accountOf(application, credential, operation!, terms);
}
