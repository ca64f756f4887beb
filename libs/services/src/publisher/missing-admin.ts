import { countStaff } from '#persistence';
import type { ServiceContext } from '../context.js';

/**
 * True when there is staff and no admin among it, as after an upgrade from a version without that role: then nobody can give
 * roles in the portal.
 */
export function isAdminMissing(context: ServiceContext): Promise<boolean> {
  return context.unitOfWork.inSystem(async (transaction) => {
    if ((await countStaff(transaction, 'admin')) > 0) return false;
    return (await countStaff(transaction, 'operator')) + (await countStaff(transaction, 'finance')) > 0;
  });
}
