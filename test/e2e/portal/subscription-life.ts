import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { PHONE, SCREEN } from '../../support/screen.js';
import { accountOf, signIn } from '../../support/sign-in.js';
import type { SharedPortal } from './shared-portal.js';

export function subscriptionLife(portal: SharedPortal): void {
  describe('the life of a subscription', () => {
    let page: Page;

    beforeAll(async () => {
      const context = await portal.browser.newContext({
        baseURL: portal.installation.ready.portalUrl,
        ...SCREEN,
      });
      page = await context.newPage();
      page.setDefaultTimeout(20_000);
      await signIn(page, accountOf(portal.installation.ready.signIns, 'consumer'));
      await page.waitForURL('**/dashboard');
    });

    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const status = async () =>
      (
        await fetch(`${portal.installation.ready.gatewayUrl}/atlas/v1/countries/NZ`, {
          headers: { 'x-api-key': portal.installation.ready.key },
        })
      ).status;

    it('says what its calls are held to', async () => {
      await page.goto('/dashboard/applications');
      await page.getByRole('main').getByRole('link', { name: 'demo' }).first().click();
      await page.locator('a[href*="/dashboard/subscriptions/"]').first().click();
      await page.getByText(/^\d+ requests per minute/).waitFor();
      await page.getByText(/^1,000 .* a month, then refused$/).waitFor();
      const tabs = page.getByRole('navigation', { name: 'Dashboard' });
      expect(await tabs.locator('[data-status="active"]').allTextContents()).toEqual(['Applications']);
    });

    it('tells on every page, a phone’s too, that the operator has suspended the organization, and no other cause', async () => {
      const desk = await deskOf(portal, 'operator');
      await desk.goto('/operator');
      await desk.getByLabel('Find an organization by name or id').fill('wayfarer');
      await desk.getByRole('button', { name: 'Suspend Wayfarer Travel' }).click();
      await desk.getByRole('dialog').getByLabel('Reason').fill('Abuse of the search.');
      await desk.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
      await desk.getByRole('button', { name: 'Restore Wayfarer Travel' }).waitFor();
      expect(await eventually(status, (code) => code === 403)).toBe(403);
      await page.setViewportSize(PHONE);
      for (const place of ['/dashboard', page.url(), '/dashboard/applications']) {
        await page.goto(place);
        await page.getByText('All API calls of Wayfarer Travel are refused').waitFor();
        const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        expect(await page.evaluate(overflow)).toBe(0);
        if (place !== '/dashboard') await page.getByText('Suspended', { exact: true }).first().waitFor();
        expect(await page.getByText('a payment that failed').count()).toBe(0);
      }
      await desk.getByRole('button', { name: 'Restore Wayfarer Travel' }).click();
      await desk.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
      await desk.getByRole('button', { name: 'Suspend Wayfarer Travel' }).waitFor();
      expect(await eventually(status, (code) => code === 200)).toBe(200);
      await page.goto('/dashboard');
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      expect(await page.getByText('All API calls of').count()).toBe(0);
      await page.setViewportSize(SCREEN.viewport!);
      await desk.context().close();
    });

    it('is suspended by the publisher with a reason, and resumed', async () => {
      await page.goto('/dashboard/applications');
      await page.getByRole('main').getByRole('link', { name: 'demo' }).first().click();
      await page.locator('a[href*="/dashboard/subscriptions/"]').first().click();
      await page.waitForURL('**/dashboard/subscriptions/*');
      const subscriptionId = page.url().split('/').at(-1)!;
      const desk = await deskOf(portal, 'publisher');
      await desk.goto(`/publisher/subscriptions/${subscriptionId}`);
      await desk.getByRole('button', { name: 'Suspend the subscription' }).click();
      const dialog = desk.getByRole('dialog');
      await dialog.getByLabel('Reason').fill('Resells the answers.');
      await dialog.getByRole('button', { name: 'Suspend', exact: true }).click();
      await desk.getByText('Your team has suspended it.').waitFor();
      expect(await eventually(status, (code) => code === 403)).toBe(403);
      await page.reload();
      await page.getByText('The team of this product has suspended the subscription').waitFor();
      await desk.getByRole('button', { name: 'Resume' }).click();
      await desk.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
      await desk.getByRole('button', { name: 'Suspend the subscription' }).waitFor();
      expect(await eventually(status, (code) => code === 200)).toBe(200);
      await page.reload();
      await page.getByText('Active', { exact: true }).waitFor();
      await desk.context().close();
    });

    it('offers members what their role may do, and says who does the rest', async () => {
      const { installation } = portal;
      const { email } = accountOf(installation.ready.signIns, 'operator');
      const member = ['--organization', 'Wayfarer Travel', '--email', email];
      const invited = await installation.tollgate('members', 'invite', ...member, '--role', 'developer');
      const desk = await deskOf(portal, 'operator');
      await desk.goto(/http\S+/.exec(invited.stdout)![0]);
      await desk.getByRole('button', { name: /^Join/ }).click();
      await desk.waitForURL('**/dashboard');
      await desk.goto('/dashboard/billing/budget');
      await desk.getByText('Owners, admins and billing members of the organization do this.').first().waitFor();
      expect(await desk.getByRole('button', { name: /cap$/ }).count()).toBe(0);

      // A plan that takes a card, for a new application: nothing is made.
      await desk.goto('/dashboard/subscribe');
      await desk.getByRole('link', { name: 'Choose Starter of Atlas' }).click();
      await desk.getByText('No card is saved yet').waitFor();
      expect(await desk.getByRole('button', { name: 'Subscribe', exact: true }).isDisabled()).toBe(true);

      await installation.tollgate('members', 'role', ...member, '--role', 'billing');
      await desk.goto('/dashboard/subscribe');
      await desk.getByText('For owners, admins and developers').waitFor();
      await desk.goto('/dashboard/billing/budget');
      await desk.getByRole('button', { name: 'Set a cap' }).first().waitFor();
      await installation.tollgate('members', 'remove', ...member);
      await desk.context().close();
    });

    it('is canceled with its period, and kept after all', async () => {
      await button('Cancel subscription').click();
      await page.getByRole('dialog').getByText('Before tax').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel with the period' }).click();
      await page.getByText('This subscription is going to end').waitFor();
      expect(await status()).toBe(200);
      await button('Keep it after all').click();
      await page.getByText('Active', { exact: true }).waitFor();
    });

    it('is put on another plan with the next period, and kept on its own', async () => {
      await button('Change plan').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(/^Starter/).check();
      await dialog.getByText('The change adds').waitFor();
      await dialog.getByText('With the next period', { exact: true }).click();
      await dialog.getByText('Until then you can change your mind').waitFor();
      // The operator made the subscription: the terms are still to be accepted.
      await dialog.getByRole('checkbox', { name: 'I accept the terms of Atlas' }).check();
      await dialog.getByRole('button', { name: 'Change with the next period' }).click();
      // Starter costs money, and there is no card.
      await dialog.getByText('A card is needed first').waitFor();
      await dialog.getByRole('button', { name: 'Keep the present plan' }).click();
      await dialog.waitFor({ state: 'hidden' });
    });

    it('is canceled at once: its key is refused, and there is a way back', async () => {
      await button('Cancel subscription').click();
      await page.getByRole('dialog').getByLabel('At once').check();
      await page.getByRole('dialog').getByText('The last invoice says').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel at once' }).click();
      await page.getByText('This subscription has ended').waitFor();
      expect(await eventually(status, (code) => code === 403)).toBe(403);
      await page.getByRole('link', { name: 'Subscribe again' }).click();
      await page.waitForURL('**/dashboard/subscribe?**');
    });

    it('has an application beside it that is renamed, and deleted with its key', async () => {
      const dialog = page.getByRole('dialog');
      await page.goto('/dashboard/applications');
      await button('Create application').click();
      await dialog.getByLabel('Name').fill('Balloon');
      await dialog.getByRole('button', { name: 'Create application' }).click();
      await page.getByRole('heading', { level: 1, name: 'Balloon' }).waitFor();
      await page.getByLabel('Name').fill('Kite');
      await button('Rename').click();
      await page.getByRole('heading', { level: 1, name: 'Kite' }).waitFor();
      await button('Delete application').click();
      await dialog.getByText('It has no key that works.').waitFor();
      await dialog.getByRole('button', { name: 'Delete application' }).click();
      await page.waitForURL('**/dashboard/applications');
      await page.getByRole('main').getByRole('link', { name: 'demo' }).first().waitFor();
      expect(await page.getByRole('link', { name: 'Kite' }).count()).toBe(0);
    });

    it('says why calls were refused, and what to do', async () => {
      await page.goto('/dashboard/usage');
      const refused = page.getByRole('region', { name: 'Refused calls' });
      const reason = /403 The application has no subscription to this API.*Subscribe it to a plan/s;
      await refused.getByRole('cell', { name: reason }).first().waitFor();
    });

    it('has a plan that the publisher changes: priced while it is typed, told what is wrong, and published', async () => {
      const context = await portal.browser.newContext({
        baseURL: portal.installation.ready.portalUrl,
        ...SCREEN,
      });
      const desk = await context.newPage();
      desk.setDefaultTimeout(20_000);
      await signIn(desk, accountOf(portal.installation.ready.signIns, 'publisher'));
      await desk.goto('/publisher');
      await desk.getByRole('link', { name: 'Edit plan Atlas Pro' }).click();
      await desk.getByRole('button', { name: 'Begin a draft from it' }).click();
      const costs = desk.getByRole('region', { name: 'What the draft costs' });
      await costs.getByText('$29.00').waitFor();
      await desk.getByLabel('Tier 1: Requests up to').fill('2000000');
      await desk.getByText('Tiers ascend: "1000000" must be more than "2000000".').first().waitFor();
      expect(await desk.getByRole('button', { name: 'Save draft' }).isDisabled()).toBe(true);
      await desk.getByLabel('Tier 1: Requests up to').fill('200000');
      await desk.getByLabel('Fixed fee').fill('31.50');
      await costs.getByText('$31.50').waitFor();
      // 200,000 units at $0.0015.
      await costs.getByRole('row', { name: '200,000', exact: false }).getByText('$300.00').first().waitFor();
      await desk.getByRole('button', { name: 'Save draft' }).click();
      await desk.getByText(/^Saved /).waitFor();
      await desk.getByRole('button', { name: 'Simulate' }).click();
      await desk.getByText('No period of a subscriber was closed in that time.').waitFor();
      await desk.getByRole('button', { name: 'Publish', exact: true }).click();
      const dialog = desk.getByRole('dialog');
      await dialog.getByRole('row', { name: 'Fixed fee $29.00 $31.50' }).waitFor();
      await dialog.getByRole('row', { name: 'Price of requests, tier 1, up to 100,000 200,000' }).waitFor();
      await dialog.getByRole('button', { name: 'Publish version 2' }).click();
      await dialog.getByText('Version 2 is published').waitFor();
      await dialog.getByRole('button', { name: 'Done' }).click();
      await desk.getByRole('row', { name: /2 .*Published .*\$31\.50/ }).waitFor();
      await context.close();
    });
  });
}

/** A page of somebody else, signed in. */
async function deskOf(portal: SharedPortal, person: 'operator' | 'publisher'): Promise<Page> {
  const { portalUrl, signIns } = portal.installation.ready;
  const context = await portal.browser.newContext({ baseURL: portalUrl, ...SCREEN });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await signIn(page, accountOf(signIns, person));
  return page;
}
