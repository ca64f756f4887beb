import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from '../../support/axe.js';
import { eventually } from '../../support/installation.js';
import { PHONE, SCREEN } from '../../support/screen.js';
import { accountOf, sendSignIn } from '../../support/sign-in.js';
import type { SharedPortal } from './shared-portal.js';

/** Where pictures of the pages go, for whoever wants to look at them. */
const pictures = process.env['PICTURES_DIR'];
const SCRIPT = '<img src=x onerror="globalThis.ran = 1"><script>globalThis.ran = 1</script>';

/** Script in every text, schemas that go round, an enumeration of a hundred thousand values. */
const HOSTILE = {
  openapi: '3.1.0',
  info: {
    title: `Roads ${SCRIPT}`,
    version: '1',
    description: `${SCRIPT}\n\n##### Deep in\n\nThree levels are left out.`,
  },
  paths: {
    '/roads/{id}': {
      post: {
        operationId: 'build',
        summary: `Build ${SCRIPT}`,
        description: SCRIPT,
        parameters: [
          { name: 'id', in: 'path', required: true, description: SCRIPT, example: SCRIPT, schema: { type: 'string' } },
          { name: `q${SCRIPT}`, in: 'query', schema: { type: 'string', enum: [SCRIPT, '"><b>'] } },
          {
            name: 'huge',
            in: 'query',
            schema: { type: 'string', enum: Array.from({ length: 30_000 }, (_, index) => `value-${index}`) },
          },
        ],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Loop' } } } },
        responses: { 200: { description: 'ok' } },
      },
    },
  },
  components: {
    schemas: {
      Loop: {
        type: 'object',
        properties: {
          next: { $ref: '#/components/schemas/Loop' },
          both: { type: 'array', items: { $ref: '#/components/schemas/Loop' } },
          [SCRIPT]: { type: 'string', default: SCRIPT },
        },
      },
    },
  },
};

export function tryIt(portal: SharedPortal): void {
  describe('trying out calls in the docs', () => {
    let context: BrowserContext;
    let page: Page;
    const faults: string[] = [];

    beforeAll(async () => {
      context = await portal.browser.newContext({ baseURL: portal.installation.ready.portalUrl, ...SCREEN });
      page = await openPage(context);
    });

    async function openPage(within: BrowserContext): Promise<Page> {
      const opened = await within.newPage();
      opened.setDefaultTimeout(20_000);
      opened.on('pageerror', (error) => faults.push(error.message));
      opened.on('console', (message) => {
        const text = message.text();
        // Redoc's own logo, which the policy keeps out.
        if (message.type() === 'error' && !/status of 4\d\d|cdn\.redoc\.ly/.test(text)) faults.push(text);
      });
      return opened;
    }

    const picture = async (name: string) => {
      if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`) });
    };
    const dialog = () => page.getByRole('dialog', { name: 'Try it' });
    /** The levels of all headings that can be seen, as screen readers have them. */
    const headingLevels = () =>
      page.evaluate<number[]>(`[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
        .filter((heading) => heading.checkVisibility({ visibilityProperty: true }))
        .map((heading) => Number(heading.ariaLevel ?? heading.localName[1]))`);
    const tryLink = (operation: string): Locator => page.locator(`a[href="?try=${operation}"]`).first();

    it('is in reach of a visitor, who is asked to sign in and comes back to it', async () => {
      await page.goto('/docs/atlas/v2?try=getCountry');
      await dialog().getByText('to make calls with a test key').waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await picture('signed-out');
      await dialog().getByRole('link', { name: 'Sign in' }).click();
      await page.waitForURL('**/sign-in?**');
      await sendSignIn(page, accountOf(portal.installation.ready.signIns, 'consumer'));
      await page.waitForURL(({ pathname, search }) => pathname + search === '/docs/atlas/v2?try=getCountry');
      await dialog().getByRole('button', { name: 'Make a test key' }).waitFor();
    });

    it('opens from the operation in Redoc with the keyboard, and gives the focus back', async () => {
      await page.goto('/docs/atlas/v2#operation/getCountry');
      await tryLink('getCountry').waitFor();
      await tryLink('getCountry').focus();
      await page.keyboard.press('Enter');
      await dialog().getByText('/countries/{code}').waitFor();
      expect(new URL(page.url()).searchParams.get('try')).toBe('getCountry');
      await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'detached' });
      expect(new URL(page.url()).searchParams.get('try')).toBeNull();
      expect(await page.evaluate('document.activeElement.getAttribute("href")')).toBe('?try=getCountry');
    });

    it('says what the call costs, makes a key, sends, and shows 200 with a receipt', async () => {
      await tryLink('getCountry').click();
      const panel = dialog();
      await panel.getByText('1,000 of 1,000 test calls left today').waitFor();
      await panel.getByText('Not billed.').waitFor();
      await panel.getByText(/^1 request: /).waitFor();
      await panel.getByText('Billed with 2xx answers only.').waitFor();
      expect(await panel.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
      await panel.getByRole('button', { name: 'Make a test key' }).click();
      await panel.getByText(/^test key, ends at /).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await picture('before');

      await panel.getByLabel('code', { exact: false }).first().fill('');
      await panel.getByRole('button', { name: 'Send' }).click();
      await panel.getByText('This is needed.').waitFor();
      await panel.getByLabel('code', { exact: false }).first().fill('NZ');
      await page.keyboard.press('Control+Enter');
      const status = panel.getByTestId('try-it-status');
      await status.waitFor();
      expect(await status.textContent()).toBe('200');
      const receipt = (await panel.getByTestId('try-it-receipt').textContent())!;
      expect(receipt).toMatch(/requests counts 1, not billed \(test mode\)test 999 left, more in \d+ (s|min|h)/);
      await panel.getByText('999 of 1,000 test calls left today').waitFor();
      expect(await panel.getByRole('region', { name: 'Body of the answer' }).textContent()).toContain('"New Zealand"');
      expect(await violationsOf(page)).toEqual([]);
      await picture('answer');
    });

    it('copies the call for a shell, without the key', async () => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await dialog().getByRole('button', { name: 'Copy as curl' }).click();
      await dialog().getByText('Copied').waitFor();
      const copied = (await page.evaluate('navigator.clipboard.readText()')) as string;
      expect(copied).toContain(`'${portal.installation.ready.gatewayUrl}/atlas/v2/countries/NZ'`);
      expect(copied).toContain('x-api-key: YOUR_API_KEY');
      expect(copied).not.toContain('tg_test_');
    });

    it('holds the key in the page alone, and the list of keys says what it is', async () => {
      const kept = await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie])');
      expect(kept).not.toContain('tg_test_');
      await page.reload();
      await dialog().getByRole('button', { name: 'Make a test key' }).waitFor();
      await page.goto('/dashboard/applications');
      await page.getByRole('link', { name: 'demo' }).click();
      await page.getByText('test, made in the docs').first().waitFor();
      await page.getByText('Ends within the hour').first().waitFor();
    });

    it('takes a test key of one’s own, and no live one', async () => {
      await page.goto('/docs/atlas/v2?try=getCountry');
      await dialog().getByRole('button', { name: 'Use a test key of your own' }).click();
      await dialog().getByLabel('Your test key').fill(portal.installation.ready.key.replace('tg_test_', 'tg_live_'));
      await dialog().getByRole('button', { name: 'Use it' }).click();
      await dialog().getByText('Live keys are not taken.').waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.keyboard.press('Escape');
    });

    it('fits on a phone, in the dark as well, and so does the way to changes and downloads', async () => {
      await page.setViewportSize(PHONE);
      await page.goto('/docs/atlas/v2#operation/getCountry');
      await tryLink('getCountry').waitFor();
      for (const name of ['Changes', 'JSON', 'YAML', 'All docs']) {
        expect(await page.getByRole('link', { name, exact: true }).isVisible(), name).toBe(true);
      }
      await tryLink('getCountry').scrollIntoViewIfNeeded();
      await picture('phone-docs');
      await tryLink('getCountry').click();
      await dialog().getByRole('button', { name: 'Make a test key' }).click();
      await dialog()
        .getByText(/^test key, ends at /)
        .waitFor();
      await picture('phone-before');
      await dialog().getByRole('button', { name: 'Send' }).click();
      await dialog().getByTestId('try-it-receipt').waitFor();
      await picture('phone-answer');
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
      expect(await violationsOf(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.reload();
      await dialog().getByText('test calls left today').waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await picture('phone-dark');
      await page.goBack();
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(SCREEN.viewport!);
    });

    it('runs nothing that a document or an answer holds', async () => {
      const upstream = http.createServer((_request, response) => {
        response.setHeader('content-type', 'text/html');
        response.setHeader('x-hostile', SCRIPT);
        response.end(`<!doctype html>${SCRIPT}${'x'.repeat(400_000)}`);
      });
      await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
      const folder = path.join(portal.installation.home, 'hostile');
      fs.mkdirSync(folder);
      fs.writeFileSync(path.join(folder, 'roads.json'), JSON.stringify(HOSTILE));
      const file = {
        tollgate: 1,
        publishers: [{ slug: 'sky', name: 'Sky' }],
        apis: [
          {
            slug: 'roads',
            title: `Roads ${SCRIPT}`,
            publisher: 'sky',
            versions: [
              {
                name: 'v1',
                document: 'roads.json',
                basePath: '/roads/v1',
                upstream: { url: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}` },
              },
            ],
          },
        ],
        products: [
          {
            slug: 'roads',
            title: `Roads ${SCRIPT}`,
            publisher: 'sky',
            apis: ['roads'],
            meters: [{ slug: 'requests', title: 'Requests', unit: 'request', bindings: [{ selector: '*' }] }],
            plans: [{ slug: 'free', title: 'Free', currency: 'USD' }],
          },
        ],
      };
      fs.writeFileSync(path.join(folder, 'tollgate.json'), JSON.stringify(file));
      const applied = await portal.installation.tollgate('apply', '-f', path.join(folder, 'tollgate.json'));
      expect(applied.code, applied.stderr + applied.stdout).toBe(0);

      await page.goto('/docs/roads/v1');
      await tryLink('build').waitFor();
      await page.getByRole('heading', { name: 'Deep in' }).waitFor();
      await eventually('headings begin at the first level and leave none out', async () => {
        const levels = await headingLevels();
        return levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1);
      });
      await tryLink('build').click();
      const panel = dialog();
      await panel.getByLabel('application/json').waitFor();
      expect(await panel.getByLabel('huge').evaluate((element) => element.tagName)).toBe('INPUT');
      await panel.getByText('This application has no plan for it').waitFor();
      await panel.getByRole('button', { name: 'Make a test key' }).click();
      await panel.getByText(/^test key, ends at /).waitFor();
      await eventually('the gateway serves it', async () => {
        await panel.getByRole('button', { name: 'Send' }).click();
        await panel.getByTestId('try-it-status').waitFor();
        return (await panel.getByTestId('try-it-status').textContent()) === '200';
      });
      await panel.getByText('Only the beginning was read').waitFor();
      expect(await panel.getByRole('region', { name: 'Body of the answer' }).textContent()).toContain('<script>');
      await panel.getByText(/^\d+ headers$/).click();
      await panel.getByText('x-hostile').waitFor();
      expect(await page.evaluate('globalThis.ran')).toBeUndefined();
      expect(await panel.locator('img, script, iframe, [onerror]').count()).toBe(0);
      expect(await violationsOf(page)).toEqual([]);
      await picture('hostile');
      upstream.closeAllConnections();
      upstream.close();
    });

    it('shows a call of an API that only takes, too, and says so when its document cannot be read', async () => {
      const visitor = await portal.browser.newContext({ baseURL: portal.installation.ready.portalUrl, ...SCREEN });
      const front = await visitor.newPage();
      let isCutOff = true;
      await front.route('**/openapi.json', (route) => (isCutOff ? route.abort() : route.continue()));
      await front.goto('/products/roads');
      await front.getByText('The sample call could not be loaded').waitFor();
      isCutOff = false;
      await front.getByRole('button', { name: 'Try again' }).click();
      await front.getByText(/curl --request POST 'http\S+\/roads\/v1\/roads\//).waitFor();
      await visitor.close();
    });

    it('logged no error in the browser', () => {
      expect(faults).toEqual([]);
    });
  });
}
