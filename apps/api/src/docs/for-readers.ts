import type { Guide } from '#domain';
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

function pathForReaders(document: JsonObject, facts: ReaderFacts, template: string, item: JsonObject): JsonObject {
  const { servers: _servers, ...rest } = item;
  const entries = Object.entries(rest).map(([key, value]): [string, JsonValue] => {
    if (!METHODS.has(key)) return [key, value];
    // Publishers' own schemes are for their upstream, and are gone from the components.
    const { security: _security, servers: _own, ...operation } = objectOf(value);
    const call = sampleCall(document, facts.gatewayUrl, { method: key, template, item, operation });
    const plans = facts.plansOfOperations.get(`${key.toUpperCase()} ${template}`);
    const samples = { 'x-codeSamples': codeSamplesOf(call), ...operation };
    return [key, plans === undefined ? samples : { ...samples, ...withPlans(operation, plans) }];
  });
  return Object.fromEntries(entries);
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
