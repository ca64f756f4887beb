import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../../scripts/launcher/database.mjs';
import { violationsOf } from '../../support/axe.js';
import { AT_A_DESK, DESKTOP } from '../../support/screen.js';
import type { SharedPortal } from './shared-portal.js';
import { unzip } from '../../support/zip.js';

const PASSWORD = 'correct horse battery';
const EMAIL = 'ada@lovelace.example';
/** Where pictures of the pages go, for whoever wants to look at them. */
const PICTURES = process.env['PICTURES_DIR'];

export function personalData(portal: SharedPortal): void {
  describe('one’s own data', () => {
    let context: BrowserContext;
    let page: Page;
    const faults: string[] = [];
    beforeAll(async () => {
      context = await portal.browser.newContext({
        baseURL: portal.installation.ready.portalUrl,
        ...AT_A_DESK,
        acceptDownloads: true,
      });
      page = await context.newPage();
      page.setDefaultTimeout(20_000);
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text());
      });
    });
    afterEach(async ({ task }) => {
      if (task.result?.state !== 'fail') return;
      const file = path.join(os.tmpdir(), 'tollgate-failed-page-of-personal-data.png');
      await page.screenshot({ path: file, fullPage: true });
      console.log(`${task.name}: at ${page.url()}, see ${file}`);
    });

    const button = (name: string) => page.getByRole('button', { name, exact: true });
    /** Looks at the page as it is on a screen and on a phone, in light and dark. */
    const look = async (name: string) => {
      for (const [width, scheme] of [
        [1280, 'light'],
        [375, 'light'],
        [375, 'dark'],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme: scheme });
        expect(await violationsOf(page), `${name} ${width} ${scheme}`).toEqual([]);
        const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
        expect(overflow, `${name} at ${width} is no wider than the screen`).toBeLessThanOrEqual(0);
        if (PICTURES)
          await page.screenshot({ path: path.join(PICTURES, `${name}-${width}-${scheme}.png`), fullPage: true });
      }
      await page.setViewportSize(DESKTOP);
      await page.emulateMedia({ colorScheme: 'light' });
    };

    it('signs up with the terms accepted, and has a second organization', async () => {
      await page.goto('/sign-up');
      await page.getByLabel('Name', { exact: true }).fill('Ada Lovelace');
      await page.getByLabel('Organization').fill('Analytical Engines');
      await page.getByLabel('E-mail').fill(EMAIL);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await button('Sign up').click();
      await page.getByText('Accept the terms to sign up.').waitFor();
      await look('sign-up');
      await page.getByRole('checkbox', { name: 'I accept the terms of use, version 2026-11' }).check();
      await button('Sign up').click();
      await page.getByRole('link', { name: 'Open the inbox' }).click();
      await page
        .getByRole('link', { name: new RegExp(EMAIL) })
        .first()
        .click();
      await page.locator('article a[href*="verify-email"]').first().click();
      await page.waitForURL('**/dashboard');
      const created = await context.request.post('/api/v1/organizations', {
        data: { name: 'Second' },
        headers: { origin: portal.installation.ready.portalUrl },
      });
      expect(created.status()).toBe(201);
    });

    it('saves an archive of all that is kept after the password', async () => {
      await page.goto('/settings');
      await page.getByRole('link', { name: 'Your data' }).click();
      await page.getByRole('heading', { name: 'Delete account' }).waitFor();
      await page.getByText('Analytical Engines, Second').waitFor();
      await look('your-data');
      await page.getByLabel('Your password').fill('not the password');
      await button('Export as ZIP').click();
      await page.getByText('The password is not right.').waitFor();
      await page.getByLabel('Your password').fill(PASSWORD);
      const [download] = await Promise.all([page.waitForEvent('download'), button('Export as ZIP').click()]);
      expect(download.suggestedFilename()).toBe('your-data.zip');
      const files = unzip(fs.readFileSync(await download.path()));
      expect(files.get('account.json')).toContain(EMAIL);
      expect(files.has('organizations/second/organization.json')).toBe(true);
      await page.getByText('Your browser is saving the archive.').waitFor();
      expect(new URL(page.url()).pathname).toBe('/settings/data');
    });

    it('deletes an organization under Team, by its name and the password', async () => {
      await page.goto('/dashboard/team');
      await button('Delete this organization').waitFor();
      await look('team');
      await button('Delete this organization').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Type the name of the organization').fill('Something');
      await dialog.getByRole('button', { name: 'Delete for good' }).click();
      await dialog.getByText('Type Analytical Engines').waitFor();
      await look('delete-organization');
      await dialog.getByLabel('Type the name of the organization').fill('Analytical Engines');
      await dialog.getByLabel('Your password').fill(PASSWORD);
      await dialog.getByRole('button', { name: 'Delete for good' }).click();
      await page.getByText('Analytical Engines is deleted.').waitFor();
      await page.waitForURL('**/dashboard');
      await page.getByText('Second').first().waitFor();
    });

    it('deletes the account, which signs out at once, and the address can sign up again', async () => {
      await page.goto('/settings/data');
      await button('Delete my account').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Type the e-mail address of your account').fill(EMAIL);
      await dialog.getByLabel('Your password').fill(PASSWORD);
      await look('delete-account');
      await dialog.getByRole('button', { name: 'Delete for good' }).click();
      await page.getByText('Your account is deleted.').waitFor();
      await page.getByRole('link', { name: 'Sign up' }).first().waitFor();
      expect(new URL(page.url()).pathname).toBe('/');

      await page.goto('/sign-in');
      await page.getByLabel('E-mail').fill(EMAIL);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await button('Sign in').click();
      await page.getByRole('alert').first().waitFor();
      await page.goto('/inbox');
      await page.getByText('Your account was deleted').first().waitFor();
    });

    it('asks who came before the terms to accept them, before anything else but their own data', async () => {
      await page.goto('/sign-up');
      await page.getByLabel('Name', { exact: true }).fill('Grace Hopper');
      await page.getByLabel('Organization').fill('Compilers');
      await page.getByLabel('E-mail').fill('grace@hopper.example');
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('checkbox', { name: 'I accept the terms of use' }).check();
      await button('Sign up').click();
      await page.getByRole('link', { name: 'Open the inbox' }).waitFor();
      // As if the terms had come after her.
      await withClient(portal.installation.settings['DATABASE_OWNER_URL']!, (client) =>
        client.query(
          `DELETE FROM portal_terms_acceptance USING auth."user" WHERE "user".id = user_id AND email = 'grace@hopper.example'`,
        ),
      );
      await page.getByRole('link', { name: 'Open the inbox' }).click();
      await page
        .getByRole('link', { name: /grace@hopper\.example/ })
        .first()
        .click();
      await page.locator('article a[href*="verify-email"]').first().click();
      await page.waitForURL('**/accept-terms?**');
      await page.getByRole('heading', { name: 'Terms of use' }).waitFor();
      await look('accept-terms');
      await page.getByRole('link', { name: 'export or delete your data' }).click();
      await page.getByRole('heading', { name: 'Your data' }).waitFor();
      await page.goto('/dashboard');
      await page.waitForURL('**/accept-terms?**');
      await page.getByRole('checkbox', { name: 'I accept the terms of use, version 2026-11' }).check();
      await button('Accept and go on').click();
      await page.waitForURL('**/dashboard');
    });

    it('logged no error in the browser', () => {
      expect(faults).toEqual([]);
    });
  });
}
