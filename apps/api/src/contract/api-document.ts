import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { problem } from '../problem/problem.schema.js';
import { toOpenApiSchema } from './openapi-schema.js';
import { type DescribedSchema, ExampleMaker } from './example-value.js';
import { refusalComponents, refusalsOf } from './refusal-responses.js';
import { TAGS } from './tags.js';

const DESCRIPTION = `Everything that the portal does, for programs.

## Who asks
Programs send a personal access token as \`Authorization: Bearer tgp_…\`, which its owner creates in the portal, with the scopes
that it needs. Systems that report usage send a token of their own. People sign in at \`POST /api/auth/sign-in/email\` and send the
session cookie that they get. Requests that change something need the portal’s own address as their \`Origin\` when they carry that
cookie. What belongs to another organization answers 404, as what does not exist does.

## Refusals
Refusals and failures are problem documents (RFC 9457). Programs decide by \`code\`, which is stable; \`detail\` says to people what to
do. \`faults\` name each part of a request that is not as expected, such as \`query.limit\` or
\`body.prices.0.price.tiers.1.upTo\`. Quote \`requestId\` when you ask for help.

## Lists
A list that grows has \`next\`: send it as \`before\` or \`after\`, whichever the operation takes, for the next page. It is null after the
last one. What is added meanwhile moves nothing between pages. \`limit\` says how many entries a page has at most.

## Asking again
A POST may carry an \`Idempotency-Key\`: sent again with it within 24 hours it is answered as the first time
(\`Idempotency-Replayed: true\`) and nothing is done twice. What was refused has done nothing, and may be mended under the same key.

## Changing what others change
What can be changed comes with an ETag, in the head of the answer or, in lists, as \`etag\`. Send it as \`If-Match\`: 412 says that
somebody else has changed it since, 428 that the field is missing. \`*\` changes whatever is there.

## How fast
Each answer says how many requests are left in \`RateLimit\`, and how many there are in a minute in \`RateLimit-Policy\`. 429 says in
\`Retry-After\` after how many seconds the next one is welcome.`;

/** The OpenAPI 3.1 document of the application’s routes. */
export function buildApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Tollgate')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addServer('/', 'This portal')
    .addApiKey({ type: 'apiKey', in: 'cookie', name: 'tollgate.session_token' }, 'session')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'tgp_…' }, 'accessToken')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'tgi_…' }, 'ingestToken')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => method,
    standardSchemaConverter: toOpenApiSchema,
  });
  const tags = Object.entries(TAGS).map(([name, description]) => ({ name, description }));
  return { ...withExamples(withRefusals(document)), tags };
}

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** Any route may refuse, always in the same form; one that names no security needs none. */
function withRefusals(document: OpenAPIObject): OpenAPIObject {
  const schemas = {
    ...document.components?.schemas,
    ...(toOpenApiSchema(problem, { schemaType: 'output' })?.components as Schemas),
  };
  const responses = {
    ...refusalComponents(),
    Problem: {
      description: 'Refused or failed',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  };
  for (const [template, path] of Object.entries(document.paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = path[method];
      if (!operation) continue;
      operation.security ??= [];
      if (method === 'post' && takesIdempotencyKey(operation)) {
        operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
      }
      const parameters = (operation.parameters ?? []).filter((parameter) => 'in' in parameter);
      const refusals = refusalsOf({
        method,
        template,
        takesBody: operation.requestBody !== undefined,
        headers: parameters.filter((one) => one.in === 'header').map(({ name }) => name.toLowerCase()),
        hasQuery: parameters.some((one) => one.in === 'query'),
        needsCaller: operation.security.length > 0,
      });
      const refused = { ...refusals, default: { $ref: '#/components/responses/Problem' } };
      operation.responses = { ...operation.responses, ...refused };
    }
  }
  return { ...document, components: { ...document.components, schemas: inOrder(schemas), responses } };
}

/** Every body and every answer in JSON has an example, made of its schema; refusals have theirs. */
function withExamples(document: OpenAPIObject): OpenAPIObject {
  const maker = new ExampleMaker(document.components?.schemas as Readonly<Record<string, DescribedSchema>>);
  const exemplify = (content: Content | undefined, kind: 'request' | 'answer') => {
    for (const [mediaType, media] of Object.entries(content ?? {})) {
      if (/[/+]json$/.test(mediaType) && media.schema)
        media.example = maker.make(media.schema as DescribedSchema, kind);
    }
  };
  for (const path of Object.values(document.paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = path[method];
      if (!operation) continue;
      exemplify((operation.requestBody as { readonly content?: Content } | undefined)?.content, 'request');
      const answers = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
      for (const [, answer] of answers) exemplify((answer as { readonly content?: Content }).content, 'answer');
    }
  }
  return document;
}

type Content = Record<string, { schema?: unknown; example?: unknown }>;

const IDEMPOTENCY_KEY = {
  name: 'idempotency-key',
  in: 'header' as const,
  required: false,
  schema: { type: 'string', maxLength: 257 },
  description:
    'Makes it safe to send this again: with the same key the same request is answered as the first time, for 24 hours.',
};

/** What people do, themselves or by a token; systems that report usage name each event. */
function takesIdempotencyKey({ security = [] }: { readonly security?: readonly object[] }): boolean {
  return security.some((scheme) => 'session' in scheme || 'accessToken' in scheme);
}

function inOrder<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
