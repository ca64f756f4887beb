import { type ApiAnswer, ok } from './api-answer.js';
import { readInteger } from './parameters.js';

const MAX_LIMIT = 100;
const MAX_OFFSET = 100_000;

/**
 * The part of `all` that `limit` (1–100, else 20) and `offset` ask for, with the total, and `Link` headers (RFC 8288) to
 * the pages before and after. The links are relative to the request, so that they hold behind any gateway.
 */
export function page<Item>(all: readonly Item[], query: URLSearchParams, toBody: (item: Item) => unknown): ApiAnswer {
  const limit = readInteger(query, 'limit', { min: 1, max: MAX_LIMIT, fallback: 20 });
  const offset = readInteger(query, 'offset', { min: 0, max: MAX_OFFSET, fallback: 0 });
  const items = all.slice(offset, offset + limit).map(toBody);
  const links = [
    ...(offset > 0 ? [link(query, limit, Math.max(0, offset - limit), 'prev')] : []),
    ...(offset + limit < all.length ? [link(query, limit, offset + limit, 'next')] : []),
  ];
  return ok({ items, total: all.length, limit, offset }, links.length > 0 ? { Link: links.join(', ') } : {});
}

function link(query: URLSearchParams, limit: number, offset: number, relation: string): string {
  const target = new URLSearchParams(query);
  target.set('limit', String(limit));
  target.set('offset', String(offset));
  return `<?${target.toString()}>; rel="${relation}"`;
}
