import { type ListedGateway, listRegisteredGateways } from '#persistence';
import type { ServiceContext } from '../context.js';

/** Every gateway that was ever registered; for operators. */
export function listGateways(context: ServiceContext): Promise<ListedGateway[]> {
  return context.unitOfWork.inSystem(listRegisteredGateways);
}
