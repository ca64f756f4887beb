import { NotFoundError } from '#domain';
import { countRequestsOfKey, findCredentialIdOfKey, listBilledRequestIds, sumBilledQuantities } from '#persistence';
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
 * The usage of a key by its public id, for the operator; all figures are of one instant.
 * @throws NotFoundError `credential_not_found`
 */
export function usageByKey(context: ServiceContext, { keyId }: { readonly keyId: string }): Promise<UsageByKey> {
  return context.unitOfWork.inSystemSnapshot(async (transaction) => {
    const credentialId = await findCredentialIdOfKey(transaction, keyId);
    if (!credentialId) throw new NotFoundError('credential', `There is no key with the id ${keyId}.`);
    const requestIds: string[] = [];
    for (let page: string[]; ;) {
      page = await listBilledRequestIds(transaction, credentialId, requestIds.at(-1) ?? null, PAGE);
      requestIds.push(...page);
      if (page.length < PAGE) break;
    }
    return {
      keyId,
      eventCount: await countRequestsOfKey(transaction, credentialId),
      billedCount: requestIds.length,
      billedQuantities: await sumBilledQuantities(transaction, credentialId),
      requestIds,
    };
  });
}
