import { createdFilter } from '../http/pagination.js';
import { list, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { noSuch } from '../http/stripe-fault.js';

export const eventRoutes: readonly Route[] = [
  listRoute('/v1/events', 'event', { created: createdFilter, type: text(), types: list(text()) }, (call, params) =>
    call.store
      .all('events')
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

/** `invoice.*` matches every event of invoices. */
function matches(type: string, pattern: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
