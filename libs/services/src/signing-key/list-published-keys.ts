import { type SigningKey, outlivedSigningKeys } from '#domain';
import { listSigningKeys } from '#persistence';
import type { ServiceContext } from '../context.js';

/** The signing keys by which tokens of the installation can be verified: the one that signs, the next, those before. */
export async function listPublishedKeys(context: ServiceContext): Promise<SigningKey[]> {
  const keys = await context.unitOfWork.inSystem(listSigningKeys);
  const outlived = outlivedSigningKeys(keys, context.clock.nowMs());
  return keys.filter((key) => !outlived.includes(key));
}
