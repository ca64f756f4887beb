import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { SCREEN } from '../../support/screen.js';
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
