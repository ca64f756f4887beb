import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { refreshInBackground } from '../cache/background-refresh.js';
import { CacheDirectives } from '../cache/cache-control.js';
import type { CacheRules } from '../cache/cache-rules.js';
import { type CachePlaces, CacheUse } from '../cache/cache-use.js';
import { isBeyondCache } from '../cache/conditional.js';
import { reuse } from '../cache/freshness.js';
import { Flight } from '../cache/flights.js';
import { Invalidation } from '../cache/invalidation.js';
import { keyOf } from '../cache/response-cache.js';
import { UpstreamFields } from '../cache/vary.js';
import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { forwardingOf } from '../peer/client-address.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** `not_cached`: the client wants an answer from the cache only, and there is none. `waits`: another fetches it. */
export type CacheVerdict = 'passed' | 'not_cached' | 'waits';

/** Told when the answer that a request waited for is there, or is not to be waited for. */
export interface CacheWaiter {
  onAnswerFetched(): void;
}

/** Finds out what the cache can do for a request of a version that uses it, and notes it in the exchange. */
export function useCache(gateway: GatewayCore, exchange: Exchange, waiter: CacheWaiter): CacheVerdict {
  const { request, operation } = exchange;
  const method = request.method!;
  if (!SAFE.has(method)) {
    exchange.tap = new Invalidation(gateway.cache, (headers) => addressesOf(exchange, headers), exchange.tap);
    return 'passed';
  }
  const rules = operation!.cache;
  if (rules === null || exchange.upgrade !== null || (method !== 'GET' && method !== 'HEAD')) return 'passed';
  const fields = new UpstreamFields(exchange);
  const asked = new CacheDirectives(fields.valueOf('cache-control') ?? fields.valueOf('pragma'));
  const use = lookUp(gateway, exchange, rules, fields, asked);
  if (use.hit !== null || !use.mayShare || method !== 'GET' || asksAnew(asked)) return note(exchange, use, asked);
  if (asked.has('only-if-cached')) return 'not_cached';
  const flight = gateway.flights.board(flightKey(rules, use.places, fields), {
    onLanding: (landing) => {
      const later = lookUp(gateway, exchange, rules, fields, asked);
      if (later.hit !== null) {
        later.useCollapsed();
        // Somebody who did not wait has fetched it: there is nothing left to fetch for the others either.
        if (landing instanceof Flight) landing.end('landed');
      } else if (landing instanceof Flight) later.flight = landing;
      note(exchange, later, asked);
      waiter.onAnswerFetched();
    },
  });
  if (flight === 'waits') return 'waits';
  if (flight !== 'alone') use.flight = flight;
  return note(exchange, use, asked);
}

/**
 * Who may get the same answer. Behind one application there may be many users, each with a token for the upstream: they would wait
 * for each other in vain.
 */
function flightKey(rules: CacheRules, { shared, consumer }: CachePlaces, fields: UpstreamFields): string {
  if (rules.isShared) return keyOf(shared);
  const authorization = fields.valueOf('authorization');
  return authorization === null ? keyOf(consumer) : `${keyOf(consumer)} ${hash('sha256', authorization, 'base64')}`;
}

/** Whoever takes no kept answer would wait for one in vain, and fetch its own only then. */
function asksAnew(asked: CacheDirectives): boolean {
  return asked.has('no-store') || asked.has('no-cache') || asked.seconds('max-age') === 0;
}

function note(exchange: Exchange, use: CacheUse, asked: CacheDirectives): CacheVerdict {
  exchange.cacheUse = use;
  // The answer to a HEAD is nothing to keep.
  if (exchange.request.method === 'GET') exchange.tap = use;
  return use.hit === null && asked.has('only-if-cached') ? 'not_cached' : 'passed';
}

function lookUp(
  gateway: GatewayCore,
  exchange: Exchange,
  rules: CacheRules,
  fields: UpstreamFields,
  asked: CacheDirectives,
): CacheUse {
  const places = placesOf(exchange);
  const { cache } = gateway;
  const entry = (rules.isShared ? cache.find(places.shared, fields) : null) ?? cache.find(places.consumer, fields);
  const use = new CacheUse(gateway, exchange, rules, places, entry, fields);
  if (isBeyondCache(exchange.head)) use.forward('bypass');
  else if (entry !== null) {
    const verdict = reuse(entry.freshness, asked, gateway.clock.nowMs());
    switch (verdict) {
      case 'fresh':
      case 'stale':
        use.useHit(entry);
        break;
      case 'stale_while_revalidate':
        use.useHit(entry);
        refreshInBackground(gateway, exchange, new CacheUse(gateway, exchange, rules, places, entry, fields), entry);
        break;
      case 'revalidate':
        use.forward('stale');
        break;
      case 'revalidate_as_asked':
        use.forward('request');
    }
  }
  return use;
}

/** With the host, as the upstream is told of it: it may write it into its answer. */
function addressOf(exchange: Exchange, target = exchange.path + exchange.query): string {
  const { host } = forwardingOf(exchange);
  return `${exchange.operation!.version.id} ${(host ?? '').toLowerCase()} ${target}`;
}

function placesOf(exchange: Exchange): CachePlaces {
  const { mode, application, terms } = exchange.account!;
  const address = addressOf(exchange);
  const plan = terms === null ? 'test' : terms.planSlug;
  const subset = exchange.upstream?.subset ?? null;
  // The upstream is told the scheme too, and may send whoever comes without TLS to where there is some.
  const { scheme } = forwardingOf(exchange);
  // What one subset has answered says nothing of another.
  const from = subset === null ? scheme : `${scheme} ${subset}`;
  return {
    shared: { address, scope: `all ${mode} ${from}` },
    consumer: { address, scope: `${application.id} ${mode} ${plan} ${from}` },
  };
}

/** The address itself, and those below the version that the answer says it has changed or made. */
function addressesOf(exchange: Exchange, headers: IncomingHttpHeaders): string[] {
  const { version } = exchange.operation!;
  const addresses = [addressOf(exchange)];
  for (const place of [headers.location, headers['content-location']]) {
    if (!place?.startsWith('/')) continue;
    const prefix = version.upstream?.pathPrefix ?? '';
    if (!place.startsWith(`${prefix}/`)) continue;
    const basePath = version.basePath === '/' ? '' : version.basePath;
    addresses.push(addressOf(exchange, basePath + place.slice(prefix.length)));
  }
  return addresses;
}
