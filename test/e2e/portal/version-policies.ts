import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from '../../support/axe.js';
import { eventually } from '../../support/installation.js';
import { AT_A_DESK, ON_A_PHONE } from '../../support/screen.js';
import { accountOf, signIn } from '../../support/sign-in.js';
import type { SharedPortal } from './shared-portal.js';

/** Where pictures of the pages go, for whoever wants to look at them. */
const pictures = process.env['PICTURES_DIR'];
const VERSION = '/publisher/apis/atlas/versions/v2';
const ORIGIN = 'https://app.example.com';

/** A place that says who it is, and what it was told. Of what is `x-busy-once` it answers the first with 429. */
async function startPlace(name: string): Promise<Server> {
  const busy = new Set<unknown>([undefined]);
  const server = http.createServer(async (request, response) => {
    const { 'x-plan': plan = null, 'x-busy-once': call } = request.headers;
    const sent = await text(request);
    response.writeHead(busy.has(call) ? 200 : 429, { 'content-type': 'application/json', 'x-powered-by': 'demo' });
    busy.add(call);
    response.end(JSON.stringify({ name, plan, ...(sent !== '' && { sent: JSON.parse(sent) as unknown }) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

interface Before {
  readonly upstream: object;
  readonly policies: object;
}

/** It leaves the version as it was. */
export function versionPolicies(portal: SharedPortal): void {
  describe('the policies of a version, and the rules of its traffic', () => {
    let page: Page;
    let phone: Page;
    let places: readonly Server[];
    let before: Before;
    const faults: string[] = [];
    let calls = 0;

    beforeAll(async () => {
      places = [await startPlace('stable'), await startPlace('canary')];
      const { portalUrl, signIns } = portal.installation.ready;
      const open = async (screen: typeof AT_A_DESK) => {
        const context = await portal.browser.newContext({ baseURL: portalUrl, ...screen });
        const opened = await context.newPage();
        opened.setDefaultTimeout(20_000);
        opened.on('pageerror', (error) => faults.push(error.message));
        await signIn(opened, accountOf(signIns, 'publisher'));
        return opened;
      };
      page = await open(AT_A_DESK);
      phone = await open({ ...ON_A_PHONE, colorScheme: 'dark' });
      const { upstream } = (await (await page.request.get(`/api/v1${VERSION}/upstream`)).json()) as Before;
      const { policies } = (await (await page.request.get(`/api/v1${VERSION}/policies`)).json()) as Before;
      before = { upstream, policies };
      await put('upstream', { targets: places.map((place) => ({ url: urlOf(place) })) });
    });
    afterAll(async () => {
      await put('upstream', before.upstream);
      await put('policies', before.policies);
      for (const place of places) place.close();
    });

    const put = async (part: 'upstream' | 'policies', words: object) => {
      const answer = await page.request.put(`/api/v1${VERSION}/${part}`, {
        data: words,
        headers: { 'if-match': '*', origin: portal.installation.ready.portalUrl },
      });
      expect(answer.status(), await answer.text()).toBe(200);
    };
    const call = async (headers: Readonly<Record<string, string>> = {}, method = 'GET') => {
      const { gatewayUrl, key } = portal.installation.ready;
      const shown = method === 'GET' ? { 'x-api-key': key, ...headers } : headers;
      const answer = await fetch(`${gatewayUrl}/atlas/v2/countries/NZ`, { method, headers: shown });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    };
    const echoed = async (body: unknown) => {
      const { gatewayUrl, key } = portal.installation.ready;
      const answer = await fetch(`${gatewayUrl}/atlas/v2/echo`, {
        method: 'POST',
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return (await answer.json()) as unknown;
    };
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const group = (name: string, within: Page | Locator = page) => within.getByRole('group', { name, exact: true });
    /** As people do, who press what they see of a switch. */
    const press = (name: string, within: Page | Locator = page) =>
      within.locator('label', { has: page.getByRole('switch', { name }) }).click();
    const save = async () => {
      await button('Change at once').click();
      await page.getByText('Nothing has changed.').waitFor();
    };
    const isFine = async (shown: Page, name: string) => {
      expect(await violationsOf(shown)).toEqual([]);
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await shown.evaluate(overflow)).toBeLessThanOrEqual(0);
      if (pictures) await shown.screenshot({ path: path.join(pictures, `policies-${name}.png`), fullPage: true });
    };

    it('are beside the version, and can be switched on one by one', async () => {
      await page.goto(VERSION);
      await page.getByRole('link', { name: 'Change policies' }).click();
      await page.getByRole('heading', { level: 1, name: 'Policies of atlas v2' }).waitFor();
      await press('Calls from browsers (CORS)');
      const cors = group('Calls from browsers (CORS)');
      await press('Pages may send cookies and credentials', cors);
      await cors.getByRole('combobox', { name: 'Origins' }).fill('*');
      await page.keyboard.press('Enter');
      await button('Change at once').click();
      await cors.getByText('credentials need origins that are named').waitFor();
      await isFine(page, '1-fault');
      await page.keyboard.press('Escape');
      await cors.getByRole('combobox', { name: 'Origins' }).focus();
      await page.keyboard.press('Backspace');
      await cors.getByRole('combobox', { name: 'Origins' }).fill(ORIGIN);
      await page.keyboard.press('Enter');
      await save();
      await eventually('a page may read the answers', async () => {
        const { headers } = await call({ origin: ORIGIN });
        return headers.get('access-control-allow-origin') === ORIGIN;
      });
      const preflight = await call({ origin: ORIGIN, 'access-control-request-method': 'GET' }, 'OPTIONS');
      expect([preflight.status, preflight.headers.get('access-control-allow-credentials')]).toEqual([204, 'true']);
      expect(
        (await call({ origin: 'https://evil.example.com' })).headers.get('access-control-allow-origin'),
      ).toBeNull();
    });

    it('change headers of requests and answers, by keyboard', async () => {
      await page.getByRole('switch', { name: 'Change requests and responses' }).focus();
      await page.keyboard.press('Space');
      const change = group('Change 1');
      const choose = async (name: string) => {
        await change.getByRole('button', { name, exact: true }).focus();
        await page.keyboard.press('Enter');
      };
      await choose('Add header of requests');
      const asked = group('header of requests 1', change);
      await asked.getByRole('textbox', { name: 'Name' }).fill('Host');
      await asked.getByRole('textbox', { name: 'Value' }).fill('${plan}');
      await choose('Add header of responses');
      const answered = group('header of responses 1', change);
      await answered.getByRole('combobox', { name: 'Do' }).click();
      await page.getByRole('option', { name: 'Remove', exact: true }).click();
      await answered.getByRole('textbox', { name: 'Name' }).fill('x-powered-by');
      await button('Change at once').click();
      await asked.getByText('is the gateway').waitFor();
      await asked.getByRole('textbox', { name: 'Name' }).fill('x-plan');
      await save();
      await eventually('the answer hides what it came from', async () => {
        const { headers, text: body } = await call();
        return headers.get('x-powered-by') === null && /"plan":"[a-z]+"/.test(body);
      });
    });

    it('are checked in the order in which they stand, which the keyboard changes', async () => {
      await button('Add change').click();
      await group('Change 2').getByRole('combobox', { name: 'Operations' }).fill('getCountry');
      await page.keyboard.press('Escape');
      await button('Move change 2 up').focus();
      await page.keyboard.press('Enter');
      expect(await group('Change 1').getByRole('combobox', { name: 'Operations' }).inputValue()).toBe('getCountry');
      expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Move change 1 down');
      await page.keyboard.press('Enter');
      expect(await group('Change 2').getByRole('combobox', { name: 'Operations' }).inputValue()).toBe('getCountry');
      await button('Remove change 2').click();
      await page.getByText('Nothing has changed.').waitFor();
    });

    it('change bodies of requests and answers, by keyboard, and say at the field what cannot be', async () => {
      await button('Add change').click();
      const change = group('Change 2');
      await change.getByRole('combobox', { name: 'Operations' }).fill('echo');
      await page.keyboard.press('Escape');
      const switchOn = async (name: string) => {
        await change.getByRole('switch', { name }).focus();
        await page.keyboard.press('Space');
        return group(name, change);
      };
      const choose = async (name: string, within: Locator) => {
        await within.getByRole('button', { name, exact: true }).focus();
        await page.keyboard.press('Enter');
      };
      const asked = await switchOn('Body of requests');
      for (const [index, pointer] of ['/debug', '/first', '/second'].entries()) {
        await choose('Remove a field', asked);
        await group(`removed field ${index + 1}`, asked)
          .getByRole('textbox')
          .fill(pointer);
      }
      await choose('Remove removed field 3', asked);
      await choose('Move removed field 2 up', asked);
      await choose('Rename a field', asked);
      const renamed = group('renamed field 1', asked);
      await renamed.getByRole('textbox', { name: 'Field to rename' }).fill('/name');
      await renamed.getByRole('textbox', { name: 'Becomes' }).fill('title');
      await choose('Set a field', asked);
      const set = group('set field 1', asked);
      await set.getByRole('textbox', { name: 'Field to set' }).fill('/by');
      await set.getByRole('textbox', { name: 'Value' }).fill('${nobody}');
      const answered = await switchOn('Body of responses');
      const template = answered.getByRole('textbox', { name: 'Whole new body' });
      await template.fill('{ "data": ');
      await answered.getByText('This is not JSON').waitFor();
      await button('Change at once').click();
      expect(await template.evaluate((field) => field.ownerDocument.activeElement === field)).toBe(true);
      await template.fill('{ "data": "${body/sent}", "place": "${body/name}" }');
      await button('Change at once').click();
      await renamed.getByText('a JSON pointer begins with "/"').waitFor();
      await set.getByText('there is no variable "${nobody}"').waitFor();
      await isFine(page, '9-bodies-fault');
      await renamed.getByRole('textbox', { name: 'Becomes' }).fill('/title');
      await set.getByRole('textbox', { name: 'Value' }).fill('${mode}');
      await save();
      await eventually('bodies are others on both ways', async () => {
        const answer = await echoed({ name: 'a', debug: true, first: 1, second: 2 });
        return JSON.stringify(answer) === '{"data":{"second":2,"title":"a","by":"live"},"place":"stable"}';
      });
      const { policies } = (await (await page.request.get(`/api/v1${VERSION}/policies`)).json()) as {
        readonly policies: { readonly transformations: readonly unknown[] };
      };
      expect(policies.transformations[1]).toEqual({
        selector: 'echo',
        request: {
          body: { remove: ['/first', '/debug'], rename: [{ from: '/name', to: '/title' }], set: { '/by': '${mode}' } },
        },
        response: { body: { template: { data: '${body/sent}', place: '${body/name}' } } },
      });
    });

    it('stand in words on the page of the version, and fit a telephone', async () => {
      await page.goto(VERSION);
      const policies = page.locator('section', { has: page.getByRole('heading', { name: 'Policies', exact: true }) });
      await policies.getByText(`${ORIGIN}, with credentials`).waitFor();
      await policies.getByText('* (request and response), echo (request and response)').waitFor();
      await isFine(page, '2-version');
      await phone.goto(`${VERSION}/policies`);
      await phone.getByRole('group', { name: 'header of requests 1', exact: true }).waitFor();
      await isFine(phone, '3-phone');
      await page.goto(`${VERSION}/policies`);
      await group('Change 1').waitFor();
      await isFine(page, '4-desk');
    });

    it('have rules only where there are several targets', async () => {
      await page.goto('/publisher/apis/atlas/versions/v1/traffic-rules');
      await page.getByText('One place only').waitFor();
      await isFine(page, '5-one-place');
      await page.getByRole('link', { name: 'Change the upstream' }).click();
      await page.getByRole('heading', { level: 1, name: 'Upstream of atlas v1' }).waitFor();
    });

    it('send testers elsewhere as soon as a rule says so', async () => {
      await page.goto(`${VERSION}/upstream`);
      await page.getByRole('link', { name: 'Rules of traffic' }).click();
      await page.getByRole('heading', { level: 1, name: 'Rules of traffic of atlas v2' }).waitFor();
      for (const [index, name] of ['stable', 'canary'].entries())
        await page.getByRole('textbox', { name: urlOf(places[index]!) }).fill(name);
      await button('Change at once').click();
      await page.getByText('nothing in traffic names the subset "canary"').first().waitFor();
      await isFine(page, '6-rules-fault');
      await button('Add rule').click();
      const rule = group('Rule 1');
      await rule.getByRole('combobox', { name: 'Go to' }).click();
      await page.getByRole('option', { name: 'canary' }).click();
      await save();
      const nameOf = async (headers: Readonly<Record<string, string>>) =>
        (JSON.parse((await call(headers)).text) as { readonly name: string }).name;
      await eventually('testers reach the canary', async () => (await nameOf({ 'x-canary': 'yes' })) === 'canary');
      expect(await nameOf({})).toBe('stable');
      await isFine(page, '7-rules');
    });

    it('repeat the calls of a rule as the rule says', async () => {
      const rule = group('Rule 1');
      const answeredWith = async () => {
        calls += 1;
        return (await call({ 'x-canary': 'yes', 'x-busy-once': `call ${calls}` })).status;
      };
      expect(await answeredWith()).toBe(429);
      await press('Try its calls again in another way', rule);
      await rule.getByRole('textbox', { name: 'Times more' }).fill('3');
      await rule.getByRole('combobox', { name: 'After' }).focus();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('option', { name: 'One of these statuses' }).click();
      await page.keyboard.press('Escape');
      const statuses = rule.getByRole('combobox', { name: 'Statuses' });
      await statuses.fill('busy');
      await page.keyboard.press('Enter');
      await button('Change at once').click();
      await rule.getByText(/expected number/).waitFor();
      await isFine(page, '10-retries-fault');
      await statuses.focus();
      await page.keyboard.press('Backspace');
      await statuses.fill('429');
      await page.keyboard.press('Enter');
      await save();
      await eventually('the call is repeated', async () => (await answeredWith()) === 200);
      await phone.goto(`${VERSION}/traffic-rules`);
      await phone.getByRole('group', { name: 'Rule 1', exact: true }).waitFor();
      await isFine(phone, '8-rules-phone');
      expect(faults).toEqual([]);
    });
  });
}
