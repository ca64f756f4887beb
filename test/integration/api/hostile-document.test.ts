import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_HINT, findChromium, launchChromium } from '../../support/browser.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { applyFile, weatherApi } from '../../support/weather-catalog.js';
import { RunningApi } from './running-api.js';

const executablePath = await findChromium();

/** Tries everything that is known to run script from Markdown or HTML; `mark` tells the documents apart. */
const hostile = (mark: string) =>
  [
    `${mark} <script>globalThis.ran = 1</script>`,
    '<img src=x onerror="globalThis.ran = 1">',
    '<svg onload="globalThis.ran = 1"><b onmouseover="globalThis.ran = 1">b</b>',
    '<iframe srcdoc="<script>parent.ran = 1</script>"></iframe>',
    '[a](javascript:globalThis.ran=1) [b](java&#115;cript:globalThis.ran=1)',
    '</article></main></title></style><script>globalThis.ran = 1</script>',
    '"\'><script>globalThis.ran = 1</script>',
  ].join('\n\n');

/** A document with such text in every field that holds text. */
function documentOf(mark: string, kinds: readonly string[]): object {
  const text = hostile(mark);
  const schema = {
    type: 'object',
    title: text,
    description: text,
    properties: { [text]: { type: 'string', description: text, example: text, default: text, enum: [text, ...kinds] } },
  };
  const parameter = {
    name: text,
    in: 'query',
    description: text,
    example: text,
    schema: { type: 'string', enum: kinds },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: text,
      version: text,
      summary: text,
      description: text,
      termsOfService: 'javascript:globalThis.ran=1',
      contact: { name: text, url: 'javascript:globalThis.ran=1', email: text },
      license: { name: text, url: 'javascript:globalThis.ran=1' },
    },
    externalDocs: { url: 'javascript:globalThis.ran=1', description: text },
    tags: [{ name: 'roads', 'x-displayName': text, description: text }],
    paths: {
      '/roads': {
        summary: text,
        description: text,
        post: {
          operationId: 'build',
          tags: ['roads', text],
          summary: text,
          description: text,
          externalDocs: { url: 'javascript:globalThis.ran=1' },
          parameters: [parameter],
          requestBody: {
            description: text,
            content: { 'application/json': { schema, examples: { [text]: { summary: text, value: { a: text } } } } },
          },
          responses: { 200: { description: text, content: { 'application/json': { schema } } } },
          'x-codeSamples': [{ lang: text, label: text, source: text }],
        },
      },
    },
  };
}

describe.skipIf(!executablePath)(
  `a document with script in every text${executablePath ? '' : ` (${BROWSER_HINT})`}`,
  () => {
    let database: TestDatabase;
    let api: RunningApi;
    let browser: Browser;
    beforeAll(async () => {
      [database, browser] = await Promise.all([createTestDatabase(), launchChromium(executablePath!)]);
      api = await RunningApi.start(database);
      const guides = [{ slug: 'guide', title: '<script>globalThis.ran = 1</script>', text: hostile('guide') }];
      await applyFile(
        database,
        { apis: [weatherApi({ v1: {}, v2: { guides } })], products: [] },
        {
          documents: {
            'weather/v1': documentOf('one', ['a', hostile('gone')]),
            'weather/v2': documentOf('two', ['a']),
          },
        },
      );
    });
    afterAll(async () => {
      await browser.close();
      await api.stop();
      await database.dispose();
    });

    it.each([
      ['its reference, scrolled to the end', '/docs/weather/v2', '[data-section-id]'],
      ['its operation', '/docs/weather/v2#operation/build', '[data-section-id="/roads/build"]'],
      ['what changed in it', '/docs/weather/changes?from=v1&to=v2', '.changes li'],
    ])('runs none on the page of %s', async (_name, address, shown) => {
      const page: Page = await browser.newPage();
      const blocked: string[] = [];
      page.on('console', (message) => {
        if (/Executing inline/.test(message.text())) blocked.push(message.text());
      });
      await page.goto(api.url + address);
      await page.locator(shown).first().waitFor();
      await page.mouse.wheel(0, 20_000);
      expect(await page.evaluate('globalThis.ran')).toBeUndefined();
      // Not even tried: the content security policy is the second line, not the first.
      expect(blocked).toEqual([]);
      expect(await page.locator('a[href^="javascript:"], iframe, [onerror], [onload], [onmouseover]').count()).toBe(0);
      await page.close();
    });
  },
);
