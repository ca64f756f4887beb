import { type ServiceStatus, serviceStatus } from '#domain';
import { listGatewayStandings } from '#persistence';
import type { ServiceContext } from '../context.js';

/** How the service is for those who use it; for anybody. */
export async function readServiceStatus(context: ServiceContext): Promise<ServiceStatus> {
  const gateways = await context.unitOfWork.inSystem(listGatewayStandings);
  return serviceStatus(gateways, context.clock.nowMs());
}
