import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from '../../support/axe.js';
import { eventually } from '../../support/installation.js';
import { SCREEN } from '../../support/screen.js';
import { accountOf, signIn } from '../../support/sign-in.js';
import type { SharedPortal } from './shared-portal.js';

const CUSTOMER = 'Wayfarer Travel';
const REASON = 'We serve partners only';

interface MadeKey {
  readonly key: string;
  readonly organizationId: string;
  readonly applicationId: string;
}

interface Catalog {
  readonly products: readonly {
    readonly slug: string;
    readonly plans: readonly { readonly version: { readonly id: string } }[];
  }[];
}

/** Who pays and how, what is owed and what is not, and who may not subscribe: it adds a seller, and moves the clock by a month. */
export function financeDesk(portal: SharedPortal): void {
  describe('the finance desk', () => {
    let finance: Page;
    let consumer: Page;
    let publisher: Page;
    let made: MadeKey;

    beforeAll(async () => {
      const { installation } = portal;
      await applyCatalog();
      const words = ['keys', 'create', '--application', 'Desk', '--organization', CUSTOMER, '--plan', 'atlas/pro'];
      made = await installation.tollgateJson<MadeKey>(...words);
      await eventually('the gateway knows the key', async () => {
        const url = `${installation.ready.gatewayUrl}/atlas/v2/countries/NZ`;
        const answer = await fetch(url, { headers: { 'x-api-key': made.key } });
        await answer.arrayBuffer();
        return answer.status === 200;
      });
      finance = await openAs('finance');
      consumer = await openAs('consumer');
      publisher = await openAs('publisher');
    });
    afterAll(async () => {
      for (const page of [finance, consumer, publisher]) await page?.context().close();
    });

    /** A second seller, and a plan that the publisher lets nobody have unasked. */
    async function applyCatalog(): Promise<void> {
      const folder = path.join(portal.installation.home, 'desk');
      fs.mkdirSync(folder);
      const openapi = {
        openapi: '3.1.0',
        info: { title: 'Partners', version: '1' },
        paths: { '/list': { get: { operationId: 'list', responses: { 200: { description: 'ok' } } } } },
      };
      const meter = { slug: 'requests', title: 'Requests', unit: 'request', bindings: [{ selector: '*' }] };
      const file = {
        tollgate: 1,
        sellers: [
          { slug: 'berlin', name: 'Atlas GmbH', addressLines: ['Hauptstr. 1'], country: 'DE', invoicePrefix: 'ATDE' },
        ],
        publishers: [{ slug: 'atlas', name: 'Atlas Data' }],
        apis: [
          {
            slug: 'partners',
            title: 'Partners',
            publisher: 'atlas',
            versions: [
              {
                name: 'v1',
                document: 'partners.json',
                basePath: '/partners',
                upstream: { url: portal.installation.ready.portalUrl },
              },
            ],
          },
        ],
        products: [
          {
            slug: 'partners',
            title: 'Partners',
            publisher: 'atlas',
            apis: ['partners'],
            meters: [meter],
            plans: [{ slug: 'free', title: 'Free', currency: 'USD', requiresApproval: true }],
          },
        ],
      };
      fs.writeFileSync(path.join(folder, 'partners.json'), JSON.stringify(openapi));
      fs.writeFileSync(path.join(folder, 'tollgate.json'), JSON.stringify(file));
      const applied = await portal.installation.tollgate('apply', '-f', path.join(folder, 'tollgate.json'));
      expect(applied.code, applied.stderr + applied.stdout).toBe(0);
    }

    async function openAs(role: string): Promise<Page> {
      const { portalUrl, signIns } = portal.installation.ready;
      const context = await portal.browser.newContext({ baseURL: portalUrl, ...SCREEN });
      const opened = await context.newPage();
      opened.setDefaultTimeout(20_000);
      await signIn(opened, accountOf(signIns, role));
      return opened;
    }

    it('lets an organization without an invoice of its own pay by transfer, and gives it money with the seller that is meant', async () => {
      await finance.goto('/finance');
      await finance.getByRole('link', { name: 'Organizations' }).click();
      await finance.getByPlaceholder('Name or billing e-mail').fill('wayfarer');
      await finance.waitForURL(/q=wayfarer/);
      await finance.getByRole('row').filter({ hasText: 'Wayfarer' }).getByText('By card').waitFor();
      expect(await violationsOf(finance)).toEqual([]);
      await finance.getByRole('link', { name: CUSTOMER }).click();
      await finance.getByText('By transfer', { exact: true }).click();
      await finance.getByRole('button', { name: 'Save terms' }).click();
      await finance.getByText('No card is charged. Invoices name the day', { exact: false }).waitFor();

      await finance.getByRole('button', { name: 'Adjust balance' }).click();
      const dialog = finance.getByRole('dialog');
      await dialog.getByLabel(/^Amount in USD/).fill('5');
      await dialog.getByLabel('Reason').fill('For the wait');
      const propose = dialog.getByRole('button', { name: 'Propose' });
      // Nobody has said which of the two sellers.
      expect(await propose.isDisabled()).toBe(true);
      await dialog.getByLabel('Seller').click();
      await finance.getByRole('option', { name: /Atlas GmbH/ }).click();
      await propose.click();
      await dialog.waitFor({ state: 'hidden' });
      await finance.goto('/finance/organizations?q=wayfarer');
      await finance.getByText('By transfer, 30 days net').waitFor();
      await finance.goto('/finance');
      await finance.getByRole('row', { name: /For the wait.*With Atlas GmbH/ }).waitFor();
    });

    it('finds an invoice by its number, page by page, and money about it is of its seller', async () => {
      const at = new Date(Date.now() + 35 * 86_400_000).toISOString();
      const { code, stdout, stderr } = await portal.installation.tollgate('period', 'close', '--at', at);
      expect(code, stdout + stderr).toBe(0);
      await smallPages(finance, '/api/v1/finance/invoices?');
      await finance.goto('/finance?q=wayfarer');
      const section = finance.getByRole('region', { name: 'Invoices', exact: true });
      const rows = section.locator('tbody tr');
      await section.getByRole('button', { name: 'Show more' }).click();
      await eventually('there is a second page', async () => (await rows.count()) === 2);
      await finance.unrouteAll();
      await finance.goto('/finance?q=wayfarer');
      const link = section.getByRole('link', { name: /^ATLAS-/ }).first();
      const number = (await link.textContent())!;
      await section.getByLabel('Find').fill(number.toLowerCase());
      await finance.waitForURL(/q=atlas-/);
      await eventually('only it is there', async () => (await rows.count()) === 1);
      const csv = await section.getByRole('link', { name: 'Export CSV' }).getAttribute('href');
      const notes = await section.getByRole('link', { name: 'Credit notes CSV' }).getAttribute('href');
      expect([csv, notes]).toEqual([
        expect.stringContaining(`search=${number.toLowerCase()}`),
        expect.stringContaining(`search=${number.toLowerCase()}`),
      ]);
      await link.click();
      await finance.getByRole('button', { name: 'Give credits' }).click();
      const dialog = finance.getByRole('dialog');
      expect(await dialog.getByLabel('Seller').inputValue()).toContain('(default)');
      await dialog.getByLabel(/^Amount in USD/).fill('1');
      await dialog.getByLabel('Reason').fill('A gift');
      await dialog.getByRole('button', { name: 'Give credits' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await finance.getByRole('main').getByRole('link', { name: CUSTOMER }).click();
      await finance.getByRole('heading', { name: 'Payment terms' }).waitFor();
      await finance.getByRole('link', { name: number }).waitFor();
    });

    it('shows a payer all its invoices, page by page', async () => {
      await smallPages(consumer, '/invoices?');
      await consumer.goto('/dashboard/billing');
      const section = consumer.getByRole('region', { name: 'Invoices', exact: true });
      await section.getByRole('button', { name: 'Show more' }).click();
      await eventually('there is a second page', async () => (await section.locator('tbody tr').count()) === 2);
      await consumer.unrouteAll();
    });

    it('has a publisher think twice before somebody is refused, who reads why in a mail', async () => {
      const { request } = consumer.context();
      const catalog = (await (await request.get('/api/v1/catalog/products')).json()) as Catalog;
      const plan = catalog.products.find(({ slug }) => slug === 'partners')!.plans[0]!;
      const { portalUrl } = portal.installation.ready;
      const asked = await request.post(`/api/v1/organizations/${made.organizationId}/subscriptions`, {
        data: { applicationId: made.applicationId, planVersionId: plan.version.id },
        headers: { origin: portalUrl },
      });
      expect(asked.ok(), await asked.text()).toBe(true);
      // The team learns of it by mail.
      await publisher.goto('/inbox');
      await publisher.getByText('asks for Partners Free').first().click();
      await publisher.locator('article').getByText('waits for your approval').first().waitFor();
      await publisher.goto('/publisher');
      await publisher.getByRole('button', { name: 'Refuse', exact: true }).click();
      const dialog = publisher.getByRole('dialog');
      await dialog.getByText('ends for good and never begins').waitFor();
      expect(await violationsOf(publisher)).toEqual([]);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await publisher.getByRole('button', { name: 'Refuse', exact: true }).click();
      await dialog.getByLabel('Reason (optional)').fill(REASON);
      await dialog.getByRole('button', { name: 'Refuse subscription' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await publisher.getByRole('button', { name: 'Refuse', exact: true }).waitFor({ state: 'detached' });
      await consumer.goto('/inbox');
      await consumer.getByText('Partners Free: your subscription was refused').first().click();
      await consumer.locator('article').getByText(REASON).first().waitFor();
    });

    /** Has the lists at an address come with one entry a page, so that two make a second page. */
    async function smallPages(page: Page, address: string): Promise<void> {
      await page.route(
        (url) => url.href.includes(address) || url.href.endsWith(address.slice(0, -1)),
        async (route) => {
          const url = new URL(route.request().url());
          url.searchParams.set('limit', '1');
          await route.continue({ url: url.href });
        },
      );
    }
  });
}
