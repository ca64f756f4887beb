import { ConflictError } from '#domain';
import { type Transaction, findUnclearPlace } from '#persistence';

/**
 * Looks, when all changes of the catalogue are made, whether gateways can tell the versions of each place apart.
 * @throws ConflictError `place_taken`
 */
export async function requireClearPlaces(transaction: Transaction): Promise<void> {
  const unclear = await findUnclearPlace(transaction);
  if (!unclear) return;
  const { host, basePath, versions, isOfOneApi, haveOneHeader } = unclear;
  const at = `${versions.join(' and ')} are at ${host ?? ''}${basePath}: `;
  if (!isOfOneApi) throw new ConflictError('place_taken', `${at}only versions of one API can share a place.`);
  if (!haveOneHeader)
    throw new ConflictError('place_taken', `${at}each of them needs a versionHeader, with the same name.`);
  throw new ConflictError('place_taken', `${at}only one of them can be the default of calls without the header.`);
}
