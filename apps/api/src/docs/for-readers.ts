import type { Guide, VersionHeader } from '#domain';
import { type JsonObject, type JsonValue, sanitizeForDisplay } from '#openapi';
import { codeSamplesOf } from './code-samples.js';
import { listOf, objectOf, textOf } from './json-tree.js';
import { sampleCall } from './sample-call.js';

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);
const KEY_SCHEME = {
  type: 'apiKey',
  in: 'header',
  name: 'x-api-key',
  description: 'A key of your application. Test keys (`tg_test_…`) need no subscription.',
};

/** What readers are told that the document does not say. */
export interface ReaderFacts {
  readonly gatewayUrl: string;
  /** What tells the version apart from others at the same place; null for nothing. */
  readonly versionHeader: VersionHeader | null;
  /** By "METHOD /template" the plans that have the operation, where some do not. */
  readonly plansOfOperations: ReadonlyMap<string, readonly string[]>;
  /** As publishers wrote them. */
  readonly guides: readonly Guide[];
}

/**
 * The document as people outside call the API: at the gateway's address and with an API key, whatever the publisher's
 * own servers and credentials are, with the call written out in several languages, with the plans that have it, and with
 * the guides of the version as chapters before the operations (tags with the extension `x-traitTag`, sanitised).
 */
export function forReaders(document: JsonObject, facts: ReaderFacts): JsonObject {
  const { gatewayUrl } = facts;
  const paths = Object.entries(objectOf(document['paths'])).map(([template, item]) => [
    template,
    pathForReaders(document, facts, template, objectOf(item)),
  ]);
  return {
    ...document,
    ...withGuides(document, facts.guides),
    servers: [{ url: gatewayUrl }],
    security: [{ apiKey: [] }],
    paths: Object.fromEntries(paths) as JsonObject,
    components: { ...objectOf(document['components']), securitySchemes: { apiKey: KEY_SCHEME } },
  };
}

function pathForReaders(document: JsonObject, facts: ReaderFacts, template: string, written: JsonObject): JsonObject {
  const item = withVersion(written, facts.versionHeader);
  const { servers: _servers, ...rest } = item;
  const entries = Object.entries(rest).map(([key, value]): [string, JsonValue] => {
    if (!METHODS.has(key)) return [key, value];
    // Publishers' own schemes are for their upstream, and are gone from the components.
    const { security: _security, servers: _own, ...operation } = objectOf(value);
    const call = sampleCall(document, facts.gatewayUrl, { method: key, template, item, operation });
    const plans = facts.plansOfOperations.get(`${key.toUpperCase()} ${template}`);
    const samples = { 'x-codeSamples': codeSamplesOf({ ...call, version: facts.versionHeader }), ...operation };
    return [key, plans === undefined ? samples : { ...samples, ...withPlans(operation, plans) }];
  });
  return Object.fromEntries(entries);
}

/** The header that tells versions apart, as a parameter of each operation. */
function withVersion(item: JsonObject, versionHeader: VersionHeader | null): JsonObject {
  if (versionHeader === null) return item;
  const { name, value, isDefault } = versionHeader;
  const isSame = (parameter: JsonValue): boolean => {
    const described = objectOf(parameter);
    return described['in'] === 'header' && textOf(described['name']).toLowerCase() === name.toLowerCase();
  };
  const parameter = {
    name,
    in: 'header',
    required: !isDefault,
    description: isDefault
      ? 'The version of the API; also that of calls without this header.'
      : 'The version of the API.',
    schema: { type: 'string', enum: [value] },
    example: value,
  };
  const entries = Object.entries(item).map(([key, described]): [string, JsonValue] => {
    const operation = objectOf(described);
    if (!METHODS.has(key) || operation['parameters'] === undefined) return [key, described];
    return [key, { ...operation, parameters: listOf(operation['parameters']).filter((one) => !isSame(one)) }];
  });
  const others = listOf(item['parameters']).filter((one) => !isSame(one));
  return { ...Object.fromEntries(entries), parameters: [...others, parameter] };
}

function withPlans(operation: JsonObject, plans: readonly string[]): JsonObject {
  const words = plans.length === 0 ? 'In no public plan.' : `In plans: ${plans.map(plainMarkdown).join(', ')}.`;
  const description = textOf(operation['description']);
  return { 'x-plans': [...plans], description: `**${words}**${description === '' ? '' : `\n\n${description}`}` };
}

function withGuides(document: JsonObject, guides: readonly Guide[]): JsonObject {
  if (guides.length === 0) return {};
  const taken = new Set(listOf(document['tags']).map((tag) => objectOf(tag)['name']));
  const chapters = guides.map(({ slug, title, markdown }): JsonObject => {
    const shown = sanitizeForDisplay({ title, description: markdown });
    const name = taken.has(slug) ? `guide-${slug}` : slug;
    return { name, 'x-displayName': shown['title'] ?? '', 'x-traitTag': true, description: shown['description'] ?? '' };
  });
  const groups = listOf(document['x-tagGroups']);
  return {
    tags: [...chapters, ...listOf(document['tags'])],
    // Where tags are grouped, those of no group are not shown.
    ...(groups.length > 0 && {
      'x-tagGroups': [{ name: 'Guides', tags: chapters.map(({ name }) => name ?? '') }, ...groups],
    }),
  };
}

/** Text that Markdown shows as it is. */
function plainMarkdown(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, String.raw`\$&`);
}
