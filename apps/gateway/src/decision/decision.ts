import type { Exchange } from '../exchange.js';
import { needsBody } from '../policies/validate-request.js';
import { parseRequestTarget } from '../routing/request-target.js';

/** What the proxy that asks can do to a call before it passes it on. */
export interface ProxyAbilities {
  /** It sends the address that we give it, in the place of the caller's. */
  readonly takesAddress: boolean;
  /** It takes parameters out of the query. */
  readonly removesParameters: boolean;
}

/** Asked by another proxy about one call: what becomes of an exchange that is admitted, and is not ours to forward. */
export interface Decision {
  readonly abilities: ProxyAbilities;
  /** False while so many admitted calls wait for their reports that no more can be kept. */
  readonly hasRoom: boolean;
  onAdmitted(exchange: Exchange): void;
}

export type DecisionVerdict = 'decidable' | 'not_decidable' | 'path_not_canonical' | 'key_in_query' | 'no_room';

/**
 * Whether a call that may pass otherwise can be decided for another proxy. Not when something would be done to its body or its
 * answer, or when the proxy would pass it on in another way than we have read it.
 */
export function checkDecidable(exchange: Exchange, { abilities, hasRoom }: Decision): DecisionVerdict {
  if (policiesBeyondDecision(exchange).length > 0) return 'not_decidable';
  if (!abilities.takesAddress) {
    const target = parseRequestTarget(exchange.request.url!)!;
    if (!isSamePath(target.path, exchange.path)) return 'path_not_canonical';
    if (!abilities.removesParameters && target.query !== exchange.query) return 'key_in_query';
  }
  return hasRoom ? 'decidable' : 'no_room';
}

/** Digits of percent-encoding in lower case mean the same (RFC 3986 §6.2.2.1); anything else might not, to an upstream. */
function isSamePath(written: string, canonical: string): boolean {
  return written === canonical || written.replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase()) === canonical;
}

/** The policies of the operation that need the body, the answer, or that the call comes through the gateway itself. */
export function policiesBeyondDecision(exchange: Exchange): string[] {
  const { version, transformation, translation, idempotency, billableWhen } = exchange.operation!;
  const policies: string[] = [];
  if (exchange.upstream === null) policies.push('mock');
  if (transformation !== null) policies.push('transformations');
  if (translation !== null) policies.push('translation');
  if (idempotency !== null) policies.push('idempotency');
  if (version.checks !== null && needsBody(version.checks, exchange)) policies.push('validation.body');
  if (billableWhen !== null && billableWhen.pointer !== null) policies.push('billableWhen.pointer');
  for (const { meter, value } of exchange.account!.metering.perMeter) {
    if (value?.from === 'response_json' || value?.from === 'messages') policies.push(`meters.${meter}.${value.from}`);
  }
  return policies;
}
