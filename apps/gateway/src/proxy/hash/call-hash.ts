import type { HashKey } from '#domain';
import type { Exchange } from '../../exchange.js';
import { clientAddress } from '../../peer/client-address.js';
import type { RequestHead } from '../../request-head.js';
import { hashOf } from './rendezvous.js';

/** What calls of an upstream are hashed by. */
export type CallHashRules = readonly HashKey[];

const usual: CallHashRules = ['application'];

/** Header names in lower case, as requests are looked up by. */
export function compileHashBy(hashBy: readonly HashKey[] = usual): CallHashRules {
  return hashBy.map((key) => (typeof key === 'object' && 'header' in key ? { header: key.header.toLowerCase() } : key));
}

/** The same for calls that belong together, by the first of the rules that says something of this one; null where none does. */
export function callHash(rules: CallHashRules, exchange: Exchange): number | null {
  for (const rule of rules) {
    const value = valueOf(rule, exchange);
    if (value !== null && value !== '') return hashOf(value);
  }
  return null;
}

function valueOf(rule: HashKey, exchange: Exchange): string | null {
  if (typeof rule === 'object')
    return 'header' in rule ? exchange.head.valueOf(rule.header) : cookieOf(exchange.head, rule.cookie);
  switch (rule) {
    case 'application':
      return exchange.account!.application.id;
    case 'organization':
      return exchange.account!.application.organizationId;
    case 'client-address':
      return clientAddress(exchange);
  }
}

/** The value of a cookie (RFC 6265 §4.2), which HTTP/2 may have split into several fields; the first where there are several. */
function cookieOf({ rawHeaders }: RequestHead, name: string): string | null {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const field = rawHeaders[index]!;
    if (field.length !== 6 || field.toLowerCase() !== 'cookie') continue;
    for (const pair of rawHeaders[index + 1]!.split(';')) {
      const equals = pair.indexOf('=');
      if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
    }
  }
  return null;
}
