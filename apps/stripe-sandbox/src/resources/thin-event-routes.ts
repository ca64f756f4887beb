import { pageOf, pageReaders } from '../http/pagination-v2.js';
import { hash, list, text, type ParamReader } from '../http/params.js';
import { route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';

const path = '/v2/core/events';
const mostTypes = 20;

/** RFC 3339, or Unix seconds as the SDK declares them; read as Unix milliseconds. */
const instant: ParamReader<number> = (node, name) => {
  const value = text(40)(node, name);
  const milliseconds = /^\d{1,12}$/.test(value) ? Number(value) * 1000 : Date.parse(value);
  if (Number.isNaN(milliseconds)) throw invalidRequest('Invalid timestamp: must be RFC 3339', name);
  return milliseconds;
};

const range = hash({ gt: instant, gte: instant, lt: instant, lte: instant });

export const thinEventRoutes: readonly Route[] = [
  route(
    'GET',
    path,
    { created: range, object_id: text(), types: list(text()), ...pageReaders },
    (call, { created = {}, object_id: objectId, types, ...page }) => {
      if (types && types.length > mostTypes) throw invalidRequest(`At most ${mostTypes} types can be named.`, 'types');
      const events = call.store
        .all('thin_events')
        .filter((event) => objectId === undefined || event.related_object?.id === objectId)
        .filter((event) => types?.includes(event.type) ?? true)
        .filter((event) => isWithin(Date.parse(event.created), created));
      const filters = new URLSearchParams(Object.entries(created).map(([key, at]) => [`created[${key}]`, iso(at)]));
      if (objectId !== undefined) filters.set('object_id', objectId);
      for (const [index, type] of (types ?? []).entries()) filters.set(`types[${index}]`, type);
      return pageOf(events, path, filters, page);
    },
  ),

  route('GET', `${path}/{id}`, {}, (call, _params, id) => {
    const event = call.store.get('thin_events', id);
    if (event === undefined) throw noSuch('event', id, 'id');
    return event;
  }),
];

function isWithin(at: number, { gt, gte, lt, lte }: { gt?: number; gte?: number; lt?: number; lte?: number }): boolean {
  return at > (gt ?? -Infinity) && at >= (gte ?? -Infinity) && at < (lt ?? Infinity) && at <= (lte ?? Infinity);
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
