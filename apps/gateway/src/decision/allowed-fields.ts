import type { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { receiptNumber } from '../metering/metering.js';
import { pushCorsHeaders } from '../policies/cors.js';
import { judgedName } from '../proxy/header-names.js';
import { isKeyField, pushConsumer } from '../proxy/request-headers.js';
import { pushDeprecationHeaders } from '../responses/deprecation-headers.js';
import { pushLimitHeaders } from '../responses/limit-headers.js';
import { parseRequestTarget } from '../routing/request-target.js';

/** What a proxy is told of a call that it may pass on; fields are name, value, name, value. */
export interface AllowedCall {
  /** To be handed back with the report; for the proxy only. */
  readonly ticket: string;
  /** For the upstream, in the place of fields of the same name. */
  readonly upstreamFields: readonly string[];
  /** Names of fields that the upstream must not get: the key, and what only we may say. */
  readonly removedFields: readonly string[];
  /** Parameters of the query that the upstream must not get. */
  readonly removedParameters: readonly string[];
  /** Path and query as they are to be sent: in the form in which they were matched, without the key. */
  readonly address: string;
  /** The field `Authorization` as the upstream may get it; null when there is none, or it holds the key. */
  readonly authorization: string | null;
  /** For the caller, beside the upstream's answer. */
  readonly clientFields: readonly string[];
}

const OWN_PREFIXES = ['x-consumer-', 'x-tollgate-', 'tollgate-'];
/** Fields of ours that a call does not always have: a proxy that shows us a few fields only may have them from the caller. */
const SOMETIMES_OURS = ['x-consumer-features', 'x-tollgate-mode', 'x-tollgate-subset'];

export function allowedCall(gateway: GatewayCore, exchange: Exchange, ticket: string): AllowedCall {
  const upstreamFields = upstreamFieldsOf(exchange);
  const { queryParameter } = exchange.operation!.version.keyPlaces;
  const address = exchange.path + exchange.query;
  // Finding the key has taken it out of the query.
  const hasKeyInQuery = parseRequestTarget(exchange.request.url!)!.query !== exchange.query;
  return {
    ticket,
    upstreamFields,
    removedFields: removedFieldsOf(exchange, upstreamFields),
    removedParameters: hasKeyInQuery ? [queryParameter!] : [],
    address,
    authorization: exchange.isAuthorizationKey ? null : exchange.head.valueOf('authorization'),
    clientFields: clientFieldsOf(gateway, exchange),
  };
}

function upstreamFieldsOf(exchange: Exchange): string[] {
  const { account, requestId, upstream } = exchange;
  const fields: string[] = [];
  pushConsumer(fields, exchange);
  fields.push('x-tollgate-request-id', requestId);
  if (account!.mode === 'test') fields.push('x-tollgate-mode', 'test');
  const { subset, tokens } = upstream!;
  if (subset !== null) fields.push('x-tollgate-subset', subset);
  if (tokens !== null) fields.push(tokens.header, tokens.of(account!));
  return fields;
}

function removedFieldsOf(exchange: Exchange, upstreamFields: readonly string[]): string[] {
  const set = new Set(upstreamFields.filter((_, index) => index % 2 === 0));
  const names = new Set(SOMETIMES_OURS);
  names.add(exchange.operation!.version.keyPlaces.header);
  const tokenHeader = exchange.upstream!.tokens?.header;
  const { rawHeaders } = exchange.head;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    const judged = judgedName(name);
    const isOurs = judged === tokenHeader || OWN_PREFIXES.some((prefix) => judged.startsWith(prefix));
    if (isOurs || isKeyField(judged, rawHeaders[index + 1]!, exchange)) names.add(name);
  }
  return [...names].filter((name) => !set.has(name));
}

function clientFieldsOf(gateway: GatewayCore, exchange: Exchange): string[] {
  const fields = ['tollgate-request-id', exchange.requestId];
  pushLimitHeaders(fields, gateway, exchange);
  const { perMeter } = exchange.account!.metering;
  // How it will end is not known: what is told is what is held for it.
  const receipt = perMeter.map(({ meter, quantity }) => `"${meter}";state=reserved;max=${receiptNumber(quantity)}`);
  if (receipt.length > 0) fields.push('usage', receipt.join(', '));
  pushDeprecationHeaders(fields, exchange.operation!.version);
  pushCorsHeaders(fields, exchange);
  return fields;
}
