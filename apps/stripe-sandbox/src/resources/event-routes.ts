import type { StripeEvent } from './event.js';
import { createdFilter } from '../http/pagination.js';
import { boolean, list, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { noSuch } from '../http/stripe-fault.js';

const eventFilters = { created: createdFilter, delivery_success: boolean, type: text(), types: list(text()) };

export const eventRoutes: readonly Route[] = [
  listRoute('/v1/events', 'event', eventFilters, (call, params) =>
    call.store
      .all('events')
      .filter((event) => (params.delivery_success ?? isDelivered(event)) === isDelivered(event))
      .filter((event) => params.type === undefined || matches(event.type, params.type))
      .filter((event) => params.types?.some((type) => matches(event.type, type)) ?? true)
      .filter((event) => params.created?.(event.created) ?? true),
  ),

  route('GET', '/v1/events/{id}', {}, (call, _params, id) => {
    const event = call.store.get('events', id);
    if (event === undefined) throw noSuch('event', id, 'id');
    return event;
  }),
];

/** Every webhook of it was acknowledged: none waits, and none was given up. */
function isDelivered(event: StripeEvent): boolean {
  return event.pending_webhooks === 0;
}

/** `invoice.*` matches every event of invoices. */
function matches(type: string, pattern: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
