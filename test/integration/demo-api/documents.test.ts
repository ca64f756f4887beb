import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonValue, type OpenApiDocument, routesFromDocument, sanitizeForDisplay } from '#openapi';
import { ROUTES_V1, ROUTES_V2 } from '../../../apps/demo-api/src/routes.js';
import { ATLAS_CALLS, type AtlasCall } from './atlas-calls.js';
import {
  type AtlasVersion,
  atlasDocumentPath,
  escapeToken,
  loadAtlasDocument,
  SchemaChecker,
} from './atlas-document.js';
import { type RunningDemoApi, startDemoApi } from './running-demo-api.js';

const SERVED = { v1: ROUTES_V1, v2: ROUTES_V2 };
/** Documented for the gateway in front; the API itself never answers so. */
const GATEWAY_STATUSES = new Set(['401', '429']);
const VERSIONS: readonly AtlasVersion[] = ['v1', 'v2'];

describe.each(VERSIONS)('the Atlas document %s', (version) => {
  let api: RunningDemoApi;
  let document: OpenApiDocument;
  let checker: SchemaChecker;

  beforeAll(async () => {
    api = await startDemoApi();
    document = await loadAtlasDocument(version);
    checker = new SchemaChecker(document);
  });
  afterAll(() => api.stop());

  it('passes the recommended rules of Redocly without an error or a warning', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const absoluteRef = atlasDocumentPath(version);
    const problems = await lintFromString({ source: readFileSync(absoluteRef, 'utf8'), absoluteRef, config });
    const found = problems.map(({ severity, ruleId, message, location }) => [
      severity,
      ruleId,
      message,
      location[0]?.pointer,
    ]);
    expect(found).toEqual([]);
  });

  it('describes exactly what is served', () => {
    const documented = routesFromDocument(document).map(({ method, template, operation }) => [
      method,
      template,
      operation,
    ]);
    const served = SERVED[version].map(({ method, template, operationId }) => [method, template, operationId]);
    expect(documented.toSorted(byText)).toEqual(served.toSorted(byText));
  });

  it('says of every operation what it does, and of every answer which schema it has', () => {
    for (const { method, template } of document.operations) {
      const operation = checker.at(`#/paths/${escapeToken(template)}/${method.toLowerCase()}`);
      expect(operation).toMatchObject({ summary: expect.any(String), description: expect.any(String) });
      expect(operation).toHaveProperty('tags.0');
    }
  });

  it('is shown as it is written', () => {
    expect(sanitizeForDisplay(document.document)).toEqual(document.document);
  });

  it('has examples that fit their schemas', () => {
    const examples = [...mediaTypes(document.document, '#')].flatMap(({ pointer, value }) =>
      examplesOf(pointer, value),
    );
    expect(examples.length).toBeGreaterThan(20);
    for (const { pointer, example } of examples) {
      expect([pointer, checker.faults(example, `${pointer}/schema`)]).toEqual([pointer, '']);
    }
  });

  it.each(ATLAS_CALLS[version])('$operation answers $path with $status as documented', async (call) => {
    const response = await callApi(api, version, call);
    expect(response.status).toBe(call.status);
    const route = routesFromDocument(document).find((candidate) => candidate.operation === call.operation);
    const pointer = route && checker.answerPointer(route, call.status);
    if (pointer === undefined) throw new Error(`${call.operation} does not document the status ${call.status}`);
    const text = await response.text();
    const contentType = response.headers.get('content-type');
    if (contentType === null) {
      expect(text).toBe('');
      return;
    }
    const media = `${pointer}/content/${escapeToken(contentType)}`;
    expect(checker.at(media)).toBeDefined();
    const body: unknown =
      contentType.endsWith('json') && contentType !== 'application/x-ndjson' ? JSON.parse(text) : text;
    expect(checker.faults(body, `${media}/schema`)).toBe('');
    if (call.status >= 400) expect(body).toMatchObject({ status: call.status });
  });

  it('documents no status that no call above reaches', () => {
    for (const { method, template, operation } of routesFromDocument(document)) {
      const responses = checker.at(`#/paths/${escapeToken(template)}/${method.toLowerCase()}/responses`) ?? {};
      const reached = ATLAS_CALLS[version]
        .filter((call) => call.operation === operation)
        .map(({ status }) => String(status));
      for (const documented of Object.keys(responses).filter((status) => !GATEWAY_STATUSES.has(status))) {
        const isReached = reached.some((status) => status === documented || `${status[0]}XX` === documented);
        expect([operation, documented, isReached]).toEqual([operation, documented, true]);
      }
    }
  });

  it('fits every country, currency and line of the stream', async () => {
    const lines = await (await fetch(`${api.url}/${version}/countries/stream?count=250&delayMs=0`)).text();
    const summaries = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly code: string });
    expect(summaries).toHaveLength(250);
    for (const summary of summaries) {
      expect(checker.faults(summary, '#/components/schemas/CountrySummary')).toBe('');
      const country: unknown = await (await fetch(`${api.url}/${version}/countries/${summary.code}`)).json();
      expect([summary.code, checker.faults(country, '#/components/schemas/Country')]).toEqual([summary.code, '']);
    }
    const pages = await Promise.all(
      [0, 100].map((offset) => fetch(`${api.url}/${version}/currencies?limit=100&offset=${offset}`)),
    );
    for (const page of pages) expect(checker.faults(await page.json(), '#/components/schemas/CurrencyPage')).toBe('');
  });
});

describe('the examples of the Atlas documents', () => {
  it.each(VERSIONS)('are what %s really answers', async (version) => {
    const api = await startDemoApi();
    try {
      const { document } = await loadAtlasDocument(version);
      const found = [...mediaTypes(document, '#')].flatMap(({ value }) => calledExamples(value));
      expect(found.length).toBeGreaterThan(4);
      for (const { call, answer } of found) {
        const response = await fetch(`${api.url}/${version}${call}`);
        expect([call, await response.json()]).toEqual([call, answer]);
      }
    } finally {
      await api.stop();
    }
  });
});

/** The named examples whose summary is the call that they answer. */
function calledExamples(media: JsonValue): { call: string; answer: JsonValue }[] {
  const examples = Object.values(property(media, 'examples') ?? {}) as JsonValue[];
  return examples.flatMap((example) => {
    const call = property(example, 'summary');
    const answer = property(example, 'value');
    return typeof call === 'string' && answer !== undefined ? [{ call, answer }] : [];
  });
}

async function callApi(api: RunningDemoApi, version: AtlasVersion, call: AtlasCall): Promise<Response> {
  const init: RequestInit = { redirect: 'manual' };
  if (call.body) {
    Object.assign(init, {
      method: 'POST',
      headers: { 'content-type': call.body.contentType },
      body: call.body.content,
    });
  }
  return fetch(`${api.url}/${version}${call.path}`, init);
}

function* mediaTypes(
  value: JsonValue,
  pointer: string,
): Generator<{ readonly pointer: string; readonly value: JsonValue }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value) as [string, JsonValue][]) {
    const place = `${pointer}/${escapeToken(key)}`;
    if (pointer.endsWith('/content')) yield { pointer: place, value: child };
    yield* mediaTypes(child, place);
  }
}

function examplesOf(pointer: string, media: JsonValue): { pointer: string; example: JsonValue }[] {
  const single = property(media, 'example');
  const named = Object.values(property(media, 'examples') ?? {}) as JsonValue[];
  return [
    ...(single === undefined ? [] : [single]),
    ...named.flatMap((example) => property(example, 'value') ?? []),
  ].map((example) => ({ pointer, example }));
}

function property(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string, JsonValue>>)[key];
}

function byText(a: readonly string[], b: readonly string[]): number {
  return a.join(' ') < b.join(' ') ? -1 : 1;
}
