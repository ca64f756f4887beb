import { isJsonObject, type JsonObject, type JsonValue } from '../document/json-value.js';
import type { ChangeSeverity } from './document-change.js';

/** What must come with a call: each way is a set of schemes by what they are, with the scopes that they need. */
export interface AccessRules {
  readonly ways: readonly AccessWay[];
  readonly servers: ReadonlySet<string>;
}

interface AccessWay {
  /** As people read it. */
  readonly words: string;
  readonly scopes: ReadonlyMap<string, ReadonlySet<string>>;
}

interface AccessDifference {
  readonly rule: string;
  readonly severity: ChangeSeverity;
  readonly place: string;
  readonly message: string;
}

/** How an operation is reached. Schemes are told apart by what they are, not by their names in the document. */
export function accessRulesOf(document: JsonObject, item: JsonObject, operation: JsonObject): AccessRules {
  const stated = operation.security ?? document.security;
  const requirements = Array.isArray(stated) ? (stated as readonly JsonValue[]).filter(isJsonObject) : [];
  const ways = requirements.length === 0 ? [wayOf(document, {})] : requirements.map((one) => wayOf(document, one));
  const servers = [operation.servers, item.servers, document.servers].find((list) => Array.isArray(list)) ?? [];
  const urls = (servers as readonly JsonValue[]).flatMap((server) =>
    isJsonObject(server) && typeof server.url === 'string' ? [server.url] : [],
  );
  return { ways, servers: new Set(urls) };
}

/** What changed for callers: a way that is gone or asks for more breaks them, another way does not. */
export function accessDifferences(from: AccessRules, to: AccessRules): AccessDifference[] {
  const found: AccessDifference[] = [];
  const add = (rule: string, severity: ChangeSeverity, place: string, message: string) =>
    found.push({ rule, severity, place, message });
  for (const way of from.ways) {
    if (!to.ways.some((other) => isEnoughFor(way, other))) {
      add('access_removed', 'breaking', 'security', `${way.words} is no longer enough: ${wordsOf(to.ways)}`);
    }
  }
  for (const way of to.ways) {
    if (!from.ways.some((other) => isEnoughFor(way, other) && isEnoughFor(other, way))) {
      add('access_added', 'non_breaking', 'security', `${way.words} accepted`);
    }
  }
  for (const url of from.servers)
    if (!to.servers.has(url)) add('server_removed', 'breaking', 'servers', `${url} removed`);
  for (const url of to.servers)
    if (!from.servers.has(url)) add('server_added', 'non_breaking', 'servers', `${url} added`);
  return found;
}

/** Whether what callers show for one way is also enough for the other. */
function isEnoughFor(shown: AccessWay, asked: AccessWay): boolean {
  return [...asked.scopes].every(([scheme, scopes]) => {
    const given = shown.scopes.get(scheme);
    return given !== undefined && [...scopes].every((scope) => given.has(scope));
  });
}

function wordsOf(ways: readonly AccessWay[]): string {
  return ways.map(({ words }) => words).join(' or ');
}

function wayOf(document: JsonObject, requirement: JsonObject): AccessWay {
  const components = isJsonObject(document.components) ? document.components : {};
  const schemes = isJsonObject(components.securitySchemes) ? components.securitySchemes : {};
  const scopes = new Map(
    Object.entries(requirement).map(([name, list]) => {
      const names = Array.isArray(list) ? (list as readonly JsonValue[]).filter((one) => typeof one === 'string') : [];
      return [schemeWords(name, schemes[name]), new Set(names)] as const;
    }),
  );
  const words = [...scopes].map(([scheme, list]) => (list.size > 0 ? `${scheme} (${[...list].join(', ')})` : scheme));
  return { scopes, words: words.length === 0 ? 'no credential' : words.join(' and ') };
}

function schemeWords(name: string, scheme: JsonValue | undefined): string {
  if (!isJsonObject(scheme)) return name;
  const { type, in: location, name: field, scheme: http, openIdConnectUrl } = scheme;
  if (type === 'apiKey') return `API key in ${textOf(location)} ${textOf(field)}`;
  if (type === 'http') return `HTTP ${textOf(http).toLowerCase()}`;
  if (type === 'openIdConnect') return `OpenID Connect ${textOf(openIdConnectUrl)}`;
  return textOf(type);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
