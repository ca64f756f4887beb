import { NotFoundError, type Route } from '#domain';
import { type ServiceContext, countBySeverity, findInDocumentation, findOperationCosts } from '#services';
import { z } from 'zod';
import { planDefinition } from '../../catalog/plan.schema.js';
import type { DocumentSource, ReadableVersion } from '../../docs/document-source.js';
import { plainText } from '../../docs/html.js';
import { listOf, objectOf, textOf } from '../../docs/json-tree.js';
import type { VersionChanges } from '../../docs/version-changes.js';
import { cleanText } from '../clean-text.js';
import {
  type DescribedOperation,
  bodyOf,
  operationNamed,
  operationsOf,
  parametersOf,
  responsesOf,
} from '../document-operations.js';
import {
  READS_PORTAL,
  type Tool,
  answer,
  apiName,
  defineTool,
  operationName,
  page,
  pageOf,
  versionName,
} from './tool.js';

const MAX_GUIDE_LENGTH = 60_000;

export interface DocumentationParts {
  readonly context: ServiceContext;
  readonly documents: DocumentSource;
  readonly changes: VersionChanges;
}

/** What anybody may read in the documentation. */
export function documentationTools(parts: DocumentationParts): Tool[] {
  return [searchDocs(parts), listOperations(parts), getOperation(parts), ...guides(parts), listChanges(parts)];
}

function searchDocs({ context }: DocumentationParts): Tool {
  return defineTool(
    {
      name: 'search_docs',
      title: 'Search the documentation',
      description:
        'Operations and guides of all APIs by their words. Every word must be there, also as the beginning of a longer one; the best come first.',
      annotations: READS_PORTAL,
    },
    z.strictObject({
      query: z.string().min(1).max(200),
      api: apiName.optional(),
      limit: z.int().min(1).max(30).default(10),
    }),
    async ({ query, api, limit }) => {
      const hits = await findInDocumentation(context, { text: query, limit, api: api ?? null });
      return answer({
        hits: hits.map(({ kind, name, method, operationId, title, excerpt, ...hit }) => ({
          kind,
          api: hit.api.slug,
          version: hit.version,
          ...(kind === 'guide' ? { guide: name } : { operation: operationId ?? `${method} ${name}` }),
          title,
          excerpt: excerpt.map(({ text }) => text).join(''),
        })),
      });
    },
  );
}

function listOperations({ documents }: DocumentationParts): Tool {
  return defineTool(
    {
      name: 'list_operations',
      title: 'List the operations of an API',
      description: 'Every operation of an API version: its name, method, path and summary.',
      annotations: READS_PORTAL,
    },
    z.strictObject({
      api: apiName,
      version: versionName,
      tag: z.string().max(100).optional().describe('Only operations with this tag.'),
      ...page(100, 200),
    }),
    async ({ api, version, tag, ...asked }) => {
      const found = await documents.find(api, version);
      const all = operationsOf(found.document).filter(
        ({ operation }) => tag === undefined || listOf(operation['tags']).includes(tag),
      );
      const { items, ...rest } = pageOf(all, asked);
      return answer({ ...versionOf(found), operations: items.map(inBrief), ...rest });
    },
  );
}

function inBrief({ name, method, template, operation }: DescribedOperation) {
  return {
    operation: name,
    method,
    path: template,
    summary: cleanText(textOf(operation['summary']) || plainText(textOf(operation['description']), 160), 200),
    ...(operation['deprecated'] === true && { deprecated: true }),
  };
}

function getOperation({ context, documents }: DocumentationParts): Tool {
  return defineTool(
    {
      name: 'get_operation',
      title: 'Read the documentation of an operation',
      description:
        'One operation whole: parameters, body and answers as JSON Schema, the plans that have it, and what a call costs in each public plan.',
      annotations: READS_PORTAL,
    },
    z.strictObject({ api: apiName, version: versionName, operation: operationName }),
    async ({ api, version, operation: name }) => {
      const found = await documents.find(api, version);
      const described = findOperation(found, name);
      const { method, template, operation } = described;
      const tags = listOf(operation['tags']).map(textOf);
      const [server] = listOf(found.document['servers']);
      return answer({
        ...versionOf(found),
        ...inBrief(described),
        description: cleanText(textOf(operation['description']), 6_000),
        url: textOf(objectOf(server)['url']) + template,
        tags,
        ...(operation['x-plans'] !== undefined && { plans: operation['x-plans'] }),
        parameters: parametersOf(found.document, described).filter((one) => one.in !== 'cookie'),
        body: bodyOf(found.document, described),
        responses: responsesOf(found.document, described),
        costs: await costsOf(context, api, { method, template, operation: described.name, tags }),
      });
    },
  );
}

/** Prices as the catalogue shows them. */
async function costsOf(context: ServiceContext, api: string, route: Route) {
  const costs = await findOperationCosts(context, { api, route });
  const priceSchema = planDefinition.shape.prices.unwrap().element;
  return costs.map(({ plans, ...cost }) => ({
    ...cost,
    plans: plans.map((plan) => ({ ...plan, price: plan.price && priceSchema.parse(plan.price) })),
  }));
}

function findOperation({ document, api }: ReadableVersion, name: string): DescribedOperation {
  const found = operationNamed(document, name);
  if (found) return found;
  throw new NotFoundError(
    'operation',
    `${api.slug} has no operation "${cleanText(name, 100)}". list_operations names them.`,
  );
}

function guides({ documents }: DocumentationParts): Tool[] {
  return [
    defineTool(
      {
        name: 'list_guides',
        title: 'List the guides of an API',
        description: 'The guides that the publisher of an API wrote beside its reference.',
        annotations: READS_PORTAL,
      },
      z.strictObject({ api: apiName, version: versionName }),
      async ({ api, version }) => {
        const found = await documents.find(api, version);
        const listed = found.guides.map(({ slug, title, markdown }) => ({
          guide: slug,
          title,
          excerpt: plainText(markdown, 160),
        }));
        return answer({ ...versionOf(found), guides: listed });
      },
    ),
    defineTool(
      {
        name: 'read_guide',
        title: 'Read a guide',
        description: 'A guide of an API, as Markdown.',
        annotations: READS_PORTAL,
      },
      z.strictObject({ api: apiName, version: versionName, guide: z.string().min(1).max(100) }),
      async ({ api, version, guide: slug }) => {
        const found = await documents.find(api, version);
        const guide = found.guides.find((one) => one.slug === slug);
        if (!guide) throw new NotFoundError('guide', `${api} has no such guide. list_guides names them.`);
        const markdown = cleanText(guide.markdown, MAX_GUIDE_LENGTH);
        const title = cleanText(guide.title, 200);
        return {
          content: [{ type: 'text', text: `# ${title}\n\n${markdown}` }],
          structuredContent: { ...versionOf(found), guide: slug, title, markdown },
        };
      },
    ),
  ];
}

function listChanges({ changes }: DocumentationParts): Tool {
  return defineTool(
    {
      name: 'list_changes',
      title: 'What changed between two versions',
      description:
        'The change log between two versions of an API: breaking, not breaking, and of the documentation only.',
      annotations: READS_PORTAL,
    },
    z.strictObject({
      api: apiName,
      from: z.string().min(1).max(63).optional().describe('The name of a version. Default: the one before `to`.'),
      to: versionName,
      severity: z.enum(['breaking', 'non_breaking', 'docs']).optional().describe('Only changes of this kind.'),
      ...page(100, 200),
    }),
    async ({ api, from, to, severity, ...asked }) => {
      const found = await changes.find(api, from ?? null, to);
      const listed = found.changes.filter((change) => severity === undefined || change.severity === severity);
      const { items, ...rest } = pageOf(listed, asked);
      const counts = countBySeverity(found.changes);
      return answer({ api, from: found.from.name, to: found.to.name, counts, changes: items, ...rest });
    },
  );
}

function versionOf({ api, name, state, sunsetOn }: ReadableVersion) {
  return { api: api.slug, version: name, state, ...(sunsetOn !== null && { sunsetOn }) };
}
