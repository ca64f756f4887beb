import { AddressRanges, type Mode, type Pepper, displayCredential, hasOwnKeyForm, parseApiKey } from '#domain';
import { listImportedSalts } from '#persistence';
import type { ServiceContext } from '../context.js';
import { findByKey } from './find-by-key.js';

/** Whose key it is. */
export interface OpenedApiKey {
  readonly credentialId: string;
  readonly organizationId: string;
  readonly applicationId: string;
  readonly mode: Mode;
  /** Without what opens. */
  readonly display: string;
  /** Whether its owner lets it be used from an address. */
  allowsAddress(address: string): boolean;
  /** Whether its owner lets it be used for a product. */
  allowsProduct(slug: string): boolean;
}

/**
 * Whose API key this is; null for one that is unknown, revoked or expired. What has the form of our keys but a wrong
 * checksum costs no look-up. Whether a call may be made with it the gateway alone decides.
 */
export async function openApiKey(
  context: ServiceContext,
  key: string,
  peppers: readonly Pepper[],
): Promise<OpenedApiKey | null> {
  if (hasOwnKeyForm(key) && !parseApiKey(key)) return null;
  const found = await context.unitOfWork.inSystem(async (transaction) => {
    const salts = hasOwnKeyForm(key) ? [] : [null, ...(await listImportedSalts(transaction))];
    return findByKey(transaction, key, peppers, salts);
  });
  const now = context.clock.now();
  if (!found || found.revokedAt !== null || (found.expiresAt !== null && found.expiresAt <= now)) return null;
  const { allowedAddresses = [], products = [] } = found.restrictions ?? {};
  return {
    credentialId: found.id,
    organizationId: found.organizationId,
    applicationId: found.applicationId,
    mode: found.mode,
    display: displayCredential(found),
    allowsAddress: (address) => allowedAddresses.length === 0 || AddressRanges.of(allowedAddresses).has(address),
    allowsProduct: (slug) => products.length === 0 || products.includes(slug),
  };
}
