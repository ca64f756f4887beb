import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { buildSchema, graphql } from 'graphql';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from '../../support/axe.js';
import { eventually } from '../../support/installation.js';
import { AT_A_DESK, ON_A_PHONE } from '../../support/screen.js';
import { accountOf, signIn } from '../../support/sign-in.js';
import type { SharedPortal } from './shared-portal.js';

/** Where pictures of the pages go, for whoever wants to look at them. */
const pictures = process.env['PICTURES_DIR'];
const VERSION = '/publisher/apis/atlas/versions/people';
const SCHEMA = 'type Query { user(id: ID!): User } type User { id: ID! name: String! }';
const QUERY = 'query ($id: ID!) { user(id: $id) { id name } }';
const people = {
  openapi: '3.0.3',
  info: { title: 'People', version: '1' },
  paths: {
    '/users/{id}': {
      get: {
        operationId: 'getUser',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: { description: 'Somebody.' } },
      },
    },
  },
};

/** A server of GraphQL that knows Ada, who is 7. */
async function startGraphqlServer(): Promise<Server> {
  const schema = buildSchema(SCHEMA);
  const rootValue = { user: ({ id }: { readonly id: string }) => (id === '7' ? { id, name: 'Ada' } : null) };
  const server = http.createServer(async (request, response) => {
    const { query, variables } = (await json(request)) as { readonly query: string; readonly variables: object };
    const result = await graphql({ schema, rootValue, source: query, variableValues: { ...variables } });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** It adds a version to the demo's API, and switches it off again. */
export function versionTranslation(portal: SharedPortal): void {
  describe('the translation of a version', () => {
    let page: Page;
    let phone: Page;
    let server: Server;
    const faults: string[] = [];

    beforeAll(async () => {
      server = await startGraphqlServer();
      const { portalUrl, signIns } = portal.installation.ready;
      const open = async (options: BrowserContextOptions) => {
        const context = await portal.browser.newContext({ baseURL: portalUrl, ...options });
        const opened = await context.newPage();
        opened.setDefaultTimeout(20_000);
        opened.on('pageerror', (error) => faults.push(error.message));
        return opened;
      };
      page = await open(AT_A_DESK);
      await signIn(page, accountOf(signIns, 'publisher'));
      // One sign-in is enough: an address has so many only.
      const storageState = await page.context().storageState();
      phone = await open({ ...ON_A_PHONE, colorScheme: 'dark', storageState });
      await send('/publisher/apis/atlas/versions', {
        name: 'people',
        basePath: '/atlas/people',
        source: JSON.stringify(people),
        upstreamUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      });
    });
    afterAll(async () => {
      await send(`${VERSION}/retire`);
      server.close();
    });

    const send = async (place: string, data: object = {}) => {
      const headers = { 'if-match': '*', origin: portal.installation.ready.portalUrl };
      const answer = await page.request.post(`/api/v1${place}`, { data, headers });
      expect(answer.ok(), await answer.text()).toBe(true);
    };
    const call = async (id: string) => {
      const { gatewayUrl, key } = portal.installation.ready;
      const answer = await fetch(`${gatewayUrl}/atlas/people/users/${id}`, { headers: { 'x-api-key': key } });
      return `${answer.status} ${await answer.text()}`;
    };
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const group = (name: string, within: Page | Locator = page) => within.getByRole('group', { name, exact: true });
    const isFine = async (shown: Page, name: string) => {
      expect(await violationsOf(shown)).toEqual([]);
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await shown.evaluate(overflow)).toBeLessThanOrEqual(0);
      if (pictures) await shown.screenshot({ path: path.join(pictures, `translation-${name}.png`), fullPage: true });
    };
    const choose = async (protocol: string) => {
      await page.getByRole('combobox', { name: 'Calls are translated to' }).click();
      await page.getByRole('option', { name: protocol }).click();
    };

    it('is written on the page, told of where it cannot be, and what calls go by', async () => {
      await page.goto(`${VERSION}/policies`);
      await page.getByRole('switch', { name: 'Translation' }).focus();
      await page.keyboard.press('Space');
      const translation = group('Translation');
      await translation.getByRole('button', { name: 'Add operation' }).click();
      const operation = group('operation 1', translation);
      await operation.getByRole('combobox', { name: 'Operation' }).fill('getUser');
      await page.keyboard.press('Escape');
      await operation.getByRole('textbox', { name: 'Query or mutation' }).fill(QUERY);
      await operation.getByRole('button', { name: 'Add variable' }).click();
      const variable = group('variable 1', operation);
      await variable.getByRole('textbox', { name: 'Variable' }).fill('id');
      const from = variable.getByRole('textbox', { name: 'From' });
      await from.fill('path.nobody');
      await operation.getByRole('textbox', { name: 'Result' }).fill('/user');
      await operation.getByRole('textbox', { name: 'Status of a null' }).fill('404');
      await translation.getByRole('textbox', { name: 'Schema' }).fill(SCHEMA);
      await button('Change at once').click();
      await page.getByText('Not saved', { exact: true }).waitFor();
      expect(await from.getAttribute('aria-invalid')).toBe('true');
      await isFine(page, '1-fault');
      await from.fill('path.id');
      await button('Change at once').click();
      await page.getByText('Nothing has changed.').waitFor();
      await send(`${VERSION}/publish`);
      await eventually('calls are translated', async () => (await call('7')) === '200 {"id":"7","name":"Ada"}');
      expect(await call('8')).toMatch(/^404 /);
      await isFine(page, '2-saved');
      await phone.goto(`${VERSION}/policies`);
      await phone.getByRole('group', { name: 'variable 1', exact: true }).waitFor();
      await isFine(phone, '3-phone');
    });

    it('has the fields of each protocol, and is what it was with the protocol of before', async () => {
      await choose('SOAP');
      await button('Add operation').click();
      await page.getByRole('textbox', { name: 'Envelope' }).waitFor();
      await isFine(page, '4-soap');
      await choose('gRPC');
      await button('Add operation').click();
      await page.getByRole('textbox', { name: 'Method' }).waitFor();
      await isFine(page, '5-grpc');
      await page.getByRole('button', { name: 'Remove operation 1' }).click();
      await page.locator('input[type=file]').setInputFiles({
        name: 'people.binpb',
        mimeType: 'application/octet-stream',
        buffer: Buffer.from('no descriptors'),
      });
      await page.getByText('14 B of a FileDescriptorSet').waitFor();
      await button('Change at once').click();
      await page.getByText('Not saved', { exact: true }).waitFor();
      await choose('GraphQL');
      await page.getByText('Nothing has changed.').waitFor();
      expect(faults).toEqual([]);
    });
  });
}
