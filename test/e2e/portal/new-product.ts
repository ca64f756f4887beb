import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from '../../support/axe.js';
import { SCREEN } from '../../support/screen.js';
import { accountOf, signIn } from '../../support/sign-in.js';
import type { SharedPortal } from './shared-portal.js';

const document = `openapi: 3.1.0
info: { title: Tides, version: '1' }
paths:
  /now:
    get: { operationId: getNow, tags: [now], summary: Now, responses: { 200: { description: ok } } }
`;

export function newProduct(portal: SharedPortal): void {
  describe('a product that begins on the page', () => {
    let page: Page;
    beforeAll(async () => {
      const { portalUrl, signIns } = portal.installation.ready;
      const context = await portal.browser.newContext({ baseURL: portalUrl, ...SCREEN });
      page = await context.newPage();
      page.setDefaultTimeout(20_000);
      await signIn(page, accountOf(signIns, 'publisher'));
    });

    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const dialog = () => page.getByRole('dialog');
    const confirm = async (action: string) => {
      await dialog().getByRole('button', { name: action, exact: true }).click();
      await dialog().waitFor({ state: 'detached' });
    };

    it('needs an API, which is made with its first version', async () => {
      await page.goto('/publisher/apis');
      await button('New API').click();
      await dialog().getByLabel('Title').fill('Tides');
      expect(await dialog().getByLabel('Short name').inputValue()).toBe('tides');
      await dialog().getByLabel('Short name').fill('atlas');
      await button('Add API').click();
      await dialog().getByText('There is an API "atlas" already').waitFor();
      await dialog().getByLabel('Short name').fill('tides');
      await button('Add API').click();
      await page.getByRole('heading', { level: 1, name: 'New version of Tides' }).waitFor();
      await page.getByLabel('OpenAPI document').fill(document);
      await button('Check the document').click();
      await page.getByText('1 operation', { exact: true }).waitFor();
      await page.getByLabel('Name').fill('v1');
      await page.getByPlaceholder('https://internal.example.com/v3').fill('https://tides.example.com');
      await button('Create draft').click();
      await page.getByRole('heading', { level: 1, name: 'Tides v1' }).waitFor();
      await button('Publish').click();
      await confirm('Publish');
      await page.getByRole('link', { name: 'View the documentation' }).waitFor();
    });

    it('has an upstream that is changed beside its version', async () => {
      await page.getByRole('link', { name: 'Upstream', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Upstream of tides v1' }).waitFor();
      await page.getByText('Several targets').click();
      await button('Add target').click();
      await page.getByRole('group', { name: 'Target 2' }).getByRole('textbox').first().fill('https://169.254.169.254');
      await page.getByRole('switch', { name: 'Try again' }).click();
      await button('Change at once').click();
      await page.getByText('where no upstream can be').first().waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('group', { name: 'Target 2' }).getByRole('textbox').first().fill('https://two.example.com');
      await page.getByRole('switch', { name: 'Send a credential' }).click();
      await button('Change at once').click();
      await page.getByText('no secret is stored here').waitFor();
      await page.getByRole('textbox', { name: 'Value' }).fill('open sesame');
      await button('Change at once').click();
      await page.getByText('Nothing has changed.').waitFor();
      await page.getByText('Empty: it stays as it is.').waitFor();
      const answer = await page.request.get('/api/v1/publisher/apis/tides/versions/v1/upstream');
      expect(await answer.json()).toEqual({
        upstream: {
          targets: [{ url: 'https://tides.example.com' }, { url: 'https://two.example.com' }],
          retries: {},
          credential: { header: 'authorization' },
        },
      });
    });

    it('says what cannot be beside its field, and is made when that is mended', async () => {
      await page.goto('/publisher');
      await page.getByRole('link', { name: 'New product' }).click();
      await page.getByLabel('Title').first().fill('Tide tables');
      await page.getByPlaceholder('Choose').click();
      await page.getByRole('option', { name: 'Tides' }).click();
      await page.keyboard.press('Escape');
      await page.getByLabel('Operations', { exact: true }).first().fill('tag:');
      await page.getByRole('option', { name: 'tag:now' }).click();
      await page.getByRole('textbox', { name: 'Units', exact: true }).fill('many');
      await button('Create product').click();
      await page.getByText('expected a decimal number').first().waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('textbox', { name: 'Units', exact: true }).fill('2.5');
      await button('Create product').click();
      await page.getByRole('heading', { level: 2, name: 'Tide tables' }).waitFor();
      await page.getByText('Nobody can subscribe to the product until one is published.').waitFor();
      expect((await page.request.get('/api/v1/catalog/products/tide-tables')).status()).toBe(404);
    });

    it('is in the catalogue with its first plan', async () => {
      const product = page.locator('section', { has: page.getByRole('heading', { name: 'Tide tables' }) });
      await product.getByRole('button', { name: 'New plan' }).first().click();
      await dialog().getByLabel('Title').fill('Free');
      await button('Begin a draft').click();
      await page.getByRole('heading', { level: 1, name: 'Tide tables Free' }).waitFor();
      await button('Publish').click();
      await dialog().getByRole('button', { name: 'Publish version 1' }).click();
      await page.getByRole('heading', { name: 'Version 1 is published' }).waitFor();
      await page.goto('/products/tide-tables');
      await page.getByRole('heading', { level: 1, name: 'Tide tables' }).waitFor();
    });

    it('changes at once, and not over what somebody else has changed', async () => {
      await page.goto('/publisher/products/tide-tables/edit');
      const summary = page.getByLabel('Summary');
      await summary.fill('High and low.');
      const address = '/api/v1/publisher/products/tide-tables';
      const { words } = (await (await page.request.get(address)).json()) as { words: object };
      const other = await page.request.put(address, {
        data: { ...words, summary: 'Theirs.' },
        headers: { 'if-match': '*', origin: portal.installation.ready.portalUrl },
      });
      expect(other.status()).toBe(200);
      await button('Change at once').click();
      await button('Leave mine and load theirs').click();
      await page.getByText('Nothing has changed.').waitFor();
      expect(await summary.inputValue()).toBe('Theirs.');
      await summary.fill('High and low.');
      await button('Change at once').click();
      await page.getByText('Nothing has changed.').waitFor();
      await page.goto('/products/tide-tables');
      await page.getByText('High and low.').first().waitFor();
    });

    it('sells prepaid credits in packs', async () => {
      await page.goto('/publisher/products/tide-tables/edit');
      await button('Add pack').click();
      const pack = page.getByRole('group', { name: 'pack-1' });
      await pack.getByLabel('Currency').fill('usd');
      await pack.getByLabel('Price in USD, before tax').fill('ninety');
      await pack.getByLabel('Grants credits worth').fill('100');
      await pack.getByLabel('Title').fill('A hundred dollars');
      await button('Change at once').click();
      await page.getByText('expected a decimal number').first().waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.getByLabel('Price in USD, before tax').fill('90');
      await page.getByLabel('Days that they are valid').fill('365');
      await button('Change at once').click();
      await page.getByText('Nothing has changed.').waitFor();
      const answer = await page.request.get('/api/v1/publisher/products/tide-tables');
      const { words } = (await answer.json()) as { words: { creditPacks: object[] } };
      const sold = { title: 'A hundred dollars', currency: 'USD', price: '90', credits: '100', validDays: 365 };
      expect(words.creditPacks).toEqual([{ slug: 'pack-1', ...sold }]);
    });
  });
}
