import {
  ConflictError,
  NotFoundError,
  WEBHOOK_RULES,
  WEBHOOK_TEST_TYPE,
  type WebhookAttempt,
  type WebhookDelivery,
} from '#domain';
import {
  type Actor,
  type ListedWebhookDelivery,
  type Transaction,
  type WebhookDeliveryFilter,
  countWaitingWebhooks,
  findWebhookDelivery as findRow,
  findWebhookEndpoint as findEndpoint,
  listWebhookAttempts,
  listWebhookDeliveries as listRows,
  lockWebhookDelivery,
  lockWebhookEndpoint,
  restartWebhookDelivery,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditEndpoint } from './audit-endpoint.js';
import { emitTestMessage } from './emit-events.js';

interface EndpointInput {
  readonly organizationId: string;
  readonly endpointId: string;
}

interface DeliveryInput extends EndpointInput {
  readonly deliveryId: string;
}

/** A delivery with its tries, the newest first. */
export interface WebhookDeliveryLog extends WebhookDelivery {
  readonly tries: readonly WebhookAttempt[];
}

/**
 * A page of an endpoint's deliveries, the newest first; `next` is null after the last.
 * @throws NotFoundError `webhook_endpoint_not_found`
 */
export function listWebhookDeliveries(
  context: ServiceContext,
  { organizationId, endpointId, ...filter }: EndpointInput & WebhookDeliveryFilter,
): Promise<{ readonly deliveries: readonly ListedWebhookDelivery[]; readonly next: string | null }> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    if (!(await findEndpoint(transaction, organizationId, endpointId))) throw new NotFoundError('webhook endpoint');
    const limit = filter.limit + 1;
    const found = await listRows(transaction, { organizationId, endpointId }, { ...filter, limit });
    const deliveries = found.slice(0, filter.limit);
    return { deliveries, next: found.length > filter.limit ? deliveries.at(-1)!.id : null };
  });
}

/** @throws NotFoundError `webhook_delivery_not_found` */
export function findWebhookDelivery(context: ServiceContext, input: DeliveryInput): Promise<WebhookDeliveryLog> {
  return context.unitOfWork.inOrganization(input.organizationId, (transaction) => readLog(transaction, input));
}

/**
 * Has a message sent again within a second, under the id that it has: with a schedule that begins anew when it was settled.
 * @throws NotFoundError `webhook_endpoint_not_found`, `webhook_delivery_not_found`; ConflictError `webhook_endpoint_disabled`
 */
export function resendWebhook(
  context: ServiceContext,
  input: DeliveryInput & { readonly actor: Actor },
): Promise<WebhookDeliveryLog> {
  const { organizationId, deliveryId } = input;
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    await requireEnabled(transaction, input);
    await readLog(transaction, input);
    await lockWebhookDelivery(transaction, deliveryId);
    await restartWebhookDelivery(transaction, deliveryId, context.clock.now());
    await auditEndpoint(context, transaction, input, 'message sent again', { deliveryId });
    return readLog(transaction, input);
  });
}

/**
 * Sends an endpoint a message that tells nothing, whatever it listens to.
 * @throws NotFoundError `webhook_endpoint_not_found`; ConflictError `webhook_endpoint_disabled`, `webhook_tests_waiting`
 */
export function sendTestWebhook(
  context: ServiceContext,
  input: EndpointInput & { readonly actor: Actor },
): Promise<WebhookDeliveryLog> {
  const { organizationId, endpointId } = input;
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    await requireEnabled(transaction, input);
    const waiting = await countWaitingWebhooks(transaction, endpointId, WEBHOOK_TEST_TYPE);
    if (waiting >= WEBHOOK_RULES.maxWaitingTests)
      throw new ConflictError(
        'webhook_tests_waiting',
        `${waiting} test messages wait to be delivered already: see why in the log of the endpoint.`,
      );
    const deliveryId = await emitTestMessage(context, transaction, { organizationId, endpointId });
    await auditEndpoint(context, transaction, input, 'test message sent', { deliveryId });
    return readLog(transaction, { organizationId, endpointId, deliveryId });
  });
}

async function requireEnabled(transaction: Transaction, { organizationId, endpointId }: EndpointInput): Promise<void> {
  const endpoint = await lockWebhookEndpoint(transaction, organizationId, endpointId);
  if (!endpoint) throw new NotFoundError('webhook endpoint');
  if (endpoint.disabledAt !== null)
    throw new ConflictError('webhook_endpoint_disabled', 'The endpoint is turned off: turn it on first.');
}

async function readLog(
  transaction: Transaction,
  { organizationId, endpointId, deliveryId }: DeliveryInput,
): Promise<WebhookDeliveryLog> {
  const delivery = await findRow(transaction, { organizationId, endpointId, id: deliveryId });
  if (!delivery) throw new NotFoundError('webhook delivery');
  return { ...delivery, tries: await listWebhookAttempts(transaction, deliveryId) };
}
