import { type ListedGateway, type Slice, listRegisteredGateways } from '#persistence';
import type { ServiceContext } from '../context.js';

/** Every gateway that was ever registered, by id, after one; for operators. */
export function listGateways(context: ServiceContext, slice: Slice = {}): Promise<ListedGateway[]> {
  return context.unitOfWork.inSystem((transaction) => listRegisteredGateways(transaction, slice));
}
