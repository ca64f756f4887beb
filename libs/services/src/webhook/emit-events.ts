import { WEBHOOK_TEST_TYPE, type WebhookEvent, writeWebhookBody } from '#domain';
import { type Transaction, insertWebhookDeliveries, keepListeningEndpoints } from '#persistence';
import type { ServiceContext } from '../context.js';

/**
 * Tells the endpoints that listen, in the transaction that makes the change: their messages are sent if, and only if, it is
 * committed. An organization's events reach its own endpoints only.
 */
export async function emitEvents(
  context: ServiceContext,
  transaction: Transaction,
  events: readonly WebhookEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const organizationIds = [...new Set(events.map(({ organizationId }) => organizationId))];
  const endpoints = await keepListeningEndpoints(transaction, organizationIds);
  if (endpoints.length === 0) return;
  const createdAt = context.clock.now();
  const deliveries = events.flatMap((event) => {
    const { organizationId, type: eventType } = event;
    const listening = endpoints.filter(
      (endpoint) => endpoint.organizationId === organizationId && endpoint.eventTypes.includes(eventType),
    );
    if (listening.length === 0) return [];
    const message = {
      organizationId,
      eventId: context.ids.next(),
      eventType,
      body: writeWebhookBody(event, createdAt),
    };
    return listening.map(({ id: endpointId }) => ({ id: context.ids.next(), endpointId, ...message, createdAt }));
  });
  if (deliveries.length > 0) await insertWebhookDeliveries(transaction, deliveries);
}

/** The same for one event. */
export function emitEvent(context: ServiceContext, transaction: Transaction, event: WebhookEvent): Promise<void> {
  return emitEvents(context, transaction, [event]);
}

/** A message that tells nothing, to one endpoint, whatever that listens to. Returns its id. */
export async function emitTestMessage(
  context: ServiceContext,
  transaction: Transaction,
  { organizationId, endpointId }: { readonly organizationId: string; readonly endpointId: string },
): Promise<string> {
  const createdAt = context.clock.now();
  const id = context.ids.next();
  const eventType = WEBHOOK_TEST_TYPE;
  const body = writeWebhookBody({ organizationId, type: eventType, data: { endpointId } }, createdAt);
  const eventId = context.ids.next();
  await insertWebhookDeliveries(transaction, [{ id, organizationId, endpointId, eventId, eventType, body, createdAt }]);
  return id;
}
