import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/installation.js';
import { SCREEN } from '../../support/screen.js';
import { accountOf, signIn } from '../../support/sign-in.js';
import type { SharedPortal } from './shared-portal.js';

const CUSTOMER = 'Wayfarer Travel';

/** Cards that fail, banks that want a confirmation and cardholders who dispute: it moves the clock by months. */
export function unpaidInvoices(portal: SharedPortal): void {
  describe('a subscription whose invoices are not paid', () => {
    let page: Page;
    let finance: Page;
    let key: string;
    /** Where the payment sandbox is. */
    let sandbox: string;

    beforeAll(async () => {
      const words = ['keys', 'create', '--application', 'Late', '--organization', CUSTOMER, '--plan', 'atlas/pro'];
      ({ key } = await portal.installation.tollgateJson<{ key: string }>(...words));
      page = await openAs('consumer');
      finance = await openAs('finance');
    });
    afterAll(async () => {
      await page?.context().close();
      await finance?.context().close();
    });

    async function openAs(role: string): Promise<Page> {
      const { portalUrl, signIns } = portal.installation.ready;
      const context = await portal.browser.newContext({ baseURL: portalUrl, ...SCREEN });
      const opened = await context.newPage();
      opened.setDefaultTimeout(20_000);
      await signIn(opened, accountOf(signIns, role));
      return opened;
    }

    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const link = (name: string) => page.getByRole('link', { name });
    const statusIs = (status: number) =>
      eventually(`calls get ${status}`, async () => {
        const url = `${portal.installation.ready.gatewayUrl}/atlas/v2/countries/NZ`;
        const answer = await fetch(url, { headers: { 'x-api-key': key } });
        await answer.arrayBuffer();
        return answer.status === status;
      });
    const moveClock = async (days: number) => {
      const at = new Date(Date.now() + days * 86_400_000).toISOString();
      const { code, stdout, stderr } = await portal.installation.tollgate('period', 'close', '--at', at);
      expect(code, stdout + stderr).toBe(0);
    };
    const saveCard = async (number: string) => {
      await page.getByLabel('Card number').fill(number);
      await page.getByLabel('Expiry').fill('12 / 34');
      await page.getByLabel('CVC').fill('123');
      await page.getByLabel('Name on card').fill('Casey Consumer');
      await button('Save card').click();
    };

    it('is refused when its card fails for too long, and served again with another card and the same key', async () => {
      await page.goto('/dashboard/billing');
      await button('Add card').click();
      await saveCard('4000 0000 0000 0341');
      await page.waitForURL('**/dashboard/billing**');
      await moveClock(35);
      await page.getByText('API calls work until').waitFor();
      await statusIs(200);
      await moveClock(39);
      await page.getByText(/^API calls are refused: /).waitFor();
      await statusIs(402);
      await finance.goto('/finance');
      await finance.getByRole('region', { name: 'Past due table' }).getByText('Suspended').waitFor();
      await button('Change card').click();
      await saveCard('4242 4242 4242 4242');
      await page.waitForURL('**/dashboard/billing**');
      await statusIs(200);
      await page.getByText(/^API calls are refused: /).waitFor({ state: 'detached' });
    });

    it('is refused while a bank waits for a confirmation, and served again once it is given on the hosted page', async () => {
      await button('Replace card').click();
      await saveCard('4000 0027 6000 3184');
      await page.getByRole('heading', { name: 'Is this you?' }).waitFor();
      await button('Confirm').click();
      await page.waitForURL('**/dashboard/billing**');
      await moveClock(70);
      await page.getByText(/^Confirm a payment: /).waitFor();
      await page.getByText('Your bank wants the payment to be confirmed').waitFor();
      await moveClock(74);
      await page.getByText(/^API calls are refused: /).waitFor();
      await statusIs(402);
      await page.goto('/inbox');
      await page
        .getByText(/^Confirm the payment of invoice ATLAS-/)
        .first()
        .click();
      const hosted = page.locator('article a[href*="/i/in_"]').first();
      const href = (await hosted.getAttribute('href'))!;
      sandbox = new URL(href).origin;
      await page.goto('/dashboard/billing');
      expect(await link('Confirm the payment').getAttribute('href')).toBe(href);
      await link('Confirm the payment').click();
      // The page of the provider, and from there the one of the bank.
      await page.getByRole('heading', { name: /^Invoice ATLAS-/ }).waitFor();
      await link('Confirm the payment').click();
      await page.getByRole('heading', { name: 'Is this you?' }).waitFor();
      await button('Confirm').click();
      await page.getByText('paid', { exact: true }).waitFor();
      await statusIs(200);
      await page.goto('/dashboard/billing');
      await page.getByText(/^API calls are refused: /).waitFor({ state: 'detached' });
      await finance.goto('/finance');
      await finance.getByRole('button', { name: 'Run verify' }).click();
      await finance.getByLabel('Agrees').first().waitFor();
      expect(await finance.getByLabel('Differs').count()).toBe(0);
    });

    it('is disputed by its cardholder, which finance sees with the reason, and makes due again when it is lost', async () => {
      const control = (action: string, form: Record<string, string>) =>
        fetch(new URL(`/control/${action}`, sandbox), {
          method: 'POST',
          body: new URLSearchParams(form),
          redirect: 'manual',
        });
      const listed = await (await fetch(new URL('/control', sandbox))).text();
      const charge = /name="charge" value="(ch_\w+)"/.exec(listed)![1]!;
      await control('dispute', { charge });
      await finance.goto('/finance');
      const region = finance.getByRole('region', { name: 'Disputes table' });
      await region.getByText('Needs evidence').waitFor();
      await region.getByText('Fraudulent').waitFor();
      const decided = await (await fetch(new URL('/control', sandbox))).text();
      await control('decide', { dispute: /name="dispute" value="(dp_\w+)"/.exec(decided)![1]!, outcome: 'lost' });
      await region.getByText('Lost, decide').waitFor();
      await region.getByRole('button', { name: 'Due again' }).click();
      const dialog = finance.getByRole('dialog');
      await dialog.getByLabel('Reason').fill('They have used it');
      await dialog.getByRole('button', { name: 'Make it due again' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await finance.getByRole('region', { name: 'Past due table' }).getByText(CUSTOMER).waitFor();
      await page.goto('/dashboard/billing');
      await page.getByText(/ past due$/).waitFor();
    });
  });
}
