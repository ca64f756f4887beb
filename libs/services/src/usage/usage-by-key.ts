import { NotFoundError } from '#domain';
import {
  countRequestsOfKey,
  findCredentialOfKey,
  listBilledRequestIds,
  listDroppedDaysOfOrganization,
  sumBilledQuantities,
} from '#persistence';
import { loadArchivedRequests } from '../archive/read-archive.js';
import type { ServiceContext } from '../context.js';

/** What one key has used since it was made. */
export interface UsageByKey {
  readonly keyId: string;
  /** Requests that were admitted, billed or not. */
  readonly eventCount: number;
  readonly billedCount: number;
  /** Billed units per meter, exact decimals. */
  readonly billedQuantities: Readonly<Record<string, string>>;
  /** Of the billed requests, oldest first. */
  readonly requestIds: readonly string[];
}

const PAGE = 10_000;

/**
 * The usage of a key by its public id, for the operator, archived days included; all figures are of one instant.
 * @throws NotFoundError `credential_not_found`; UsageArchiveError when the archive cannot be read.
 */
export function usageByKey(context: ServiceContext, { keyId }: { readonly keyId: string }): Promise<UsageByKey> {
  return context.unitOfWork.inLedgerSnapshot(async (transaction) => {
    const credential = await findCredentialOfKey(transaction, keyId);
    if (!credential) throw new NotFoundError('credential', `There is no key with the id ${keyId}.`);
    const { id: credentialId, organizationId } = credential;
    const days = await listDroppedDaysOfOrganization(transaction, organizationId, null);
    const everything = { limit: Infinity, maxBlocks: Infinity };
    await loadArchivedRequests(context, transaction, days, { organizationId, credentialId }, everything);
    const requestIds: string[] = [];
    for (let page: string[]; ;) {
      page = await listBilledRequestIds(transaction, credentialId, requestIds.at(-1) ?? null, PAGE, 'ledgerAndArchive');
      requestIds.push(...page);
      if (page.length < PAGE) break;
    }
    return {
      keyId,
      eventCount: await countRequestsOfKey(transaction, credentialId, 'ledgerAndArchive'),
      billedCount: requestIds.length,
      billedQuantities: await sumBilledQuantities(transaction, credentialId),
      requestIds,
    };
  });
}
