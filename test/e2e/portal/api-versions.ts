import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from '../../support/axe.js';
import { eventually } from '../../support/installation.js';
import { SCREEN } from '../../support/screen.js';
import { accountOf, signIn } from '../../support/sign-in.js';
import type { SharedPortal } from './shared-portal.js';

/** Where pictures of the pages go, for whoever wants to look at them. */
const pictures = process.env['PICTURES_DIR'];

const documents = path.resolve(import.meta.dirname, '../../../apps/demo-api/openapi');
const present = fs.readFileSync(path.join(documents, 'atlas-v2.yaml'), 'utf8');
/** Without an operation that callers have. */
const changed = present.replace('  /distance:\n', '  /distance-between:\n');
const LAST_DAY = '2099-12-31';

export function apiVersions(portal: SharedPortal): void {
  describe('versions of an API', () => {
    let page: Page;
    const faults: string[] = [];

    beforeAll(async () => {
      const { portalUrl, signIns } = portal.installation.ready;
      const context = await portal.browser.newContext({ baseURL: portalUrl, ...SCREEN });
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      page = await context.newPage();
      page.setDefaultTimeout(20_000);
      page.on('pageerror', (error) => faults.push(error.message));
      await signIn(page, accountOf(signIns, 'publisher'));
    });

    const picture = async (name: string) => {
      if (pictures) await page.screenshot({ path: path.join(pictures, `api-versions-${name}.png`), fullPage: true });
    };
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const dialog = () => page.getByRole('dialog');
    const isFine = async (name: string) => {
      expect(await violationsOf(page)).toEqual([]);
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
      await picture(name);
    };
    const confirm = async (action: string) => {
      await dialog().getByRole('button', { name: action, exact: true }).click();
      await dialog().waitFor({ state: 'detached' });
    };
    /** As people do it: filling in so much as if it were typed takes a browser seconds. */
    const paste = async (source: string) => {
      await page.getByLabel('OpenAPI document').focus();
      await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(source)})`);
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.press('ControlOrMeta+V');
    };
    const choose = (source: string) =>
      page
        .locator('input[type="file"]')
        .setInputFiles({ name: 'atlas.yaml', mimeType: 'application/yaml', buffer: Buffer.from(source) });
    const check = () => button('Check the document').click();
    /** What the gateway answers at the new version. */
    const call = async () => {
      const { gatewayUrl, key } = portal.installation.ready;
      const answer = await fetch(`${gatewayUrl}/atlas/next/countries/NZ`, { headers: { 'x-api-key': key } });
      await answer.arrayBuffer();
      return answer;
    };

    it('lists them, drafts too', async () => {
      await page.goto('/publisher');
      await page.getByRole('link', { name: 'APIs', exact: true }).click();
      const rows = page.getByRole('row');
      await rows.filter({ hasText: '/atlas/v2' }).waitFor();
      await rows.filter({ hasText: '/atlas/v1' }).waitFor();
      await isFine('1-list');
      await page.getByRole('link', { name: 'New version of Atlas' }).click();
      await page.getByRole('heading', { level: 1, name: 'New version of Atlas' }).waitFor();
    });

    it('says beside the document why it is refused', async () => {
      expect(await button('Create draft').isDisabled()).toBe(true);
      await page.getByLabel('OpenAPI document').fill('openapi: [');
      await check();
      await page.getByRole('alert').getByText('neither YAML nor JSON').waitFor();
      expect(await button('Create draft').isDisabled()).toBe(true);
      await isFine('2-refused');
    });

    it('shows what a document would break, what breaks first', async () => {
      await paste(changed);
      await check();
      await page.getByText(/^Compared with v\d \(published\)\.$/).waitFor();
      await page.getByText('1 breaking', { exact: true }).waitFor();
      const groups = page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 4 }) });
      expect(await groups.first().textContent()).toContain('GET /distance');
      expect(await groups.first().textContent()).toContain('Breaking');
      await page.getByText('13 operations', { exact: true }).click();
      await page.getByText('GET /distance-between').first().waitFor();
      await isFine('3-checked');
    });

    it('takes only the text that was checked', async () => {
      await page.getByLabel('OpenAPI document').press('Enter');
      await page.getByText('The document has changed since.').waitFor();
      expect(await button('Create draft').isDisabled()).toBe(true);
      await check();
      await page.getByText('The document has changed since.').waitFor({ state: 'detached' });
    });

    it('makes a draft, after faults are mended at their fields', async () => {
      await page.getByLabel('Name').fill('v1');
      expect(await page.getByLabel('Base path').inputValue()).toBe('/atlas/v1');
      await button('Create draft').click();
      await page.getByText('already: choose another name').waitFor();
      await page.getByLabel('Name').fill('next');
      expect(await page.getByLabel('Base path').inputValue()).toBe('/atlas/next');
      await page.getByLabel('Another upstream').fill('http://169.254.169.254/latest');
      await button('Create draft').click();
      await page.getByText('where no upstream can be').waitFor();
      await isFine('4-faults');
      await page.getByLabel('Another upstream').fill('');
      await button('Create draft').click();
      await page.getByRole('heading', { level: 1, name: 'Atlas next' }).waitFor();
      await page.getByText('/atlas/next').waitFor();
      expect(await page.getByRole('link', { name: 'View the documentation' }).count()).toBe(0);
      expect((await call()).status).toBe(404);
      await isFine('5-draft');
    });

    it('replaces the document of a draft', async () => {
      await button('Replace document').click();
      await choose(changed.replace("version: '2.0.0'", "version: '3.0.0'"));
      await check();
      await dialog().getByText('1 breaking', { exact: true }).waitFor();
      await isFine('6-replace');
      await confirm('Replace document');
      await page.getByText('Atlas 3.0.0', { exact: true }).waitFor();
    });

    it('publishes it', async () => {
      await button('Publish').click();
      await isFine('7-publish');
      await confirm('Publish');
      await page.getByText('Nobody calls it').waitFor();
      expect(await page.getByRole('link', { name: 'View the documentation' }).getAttribute('href')).toBe(
        '/docs/atlas/next',
      );
      await eventually('the gateway answers there', async () => (await call()).status === 200);
      await isFine('8-published');
    });

    it('refuses to break those who have it', async () => {
      await button('Replace document').click();
      await choose(present);
      await check();
      await dialog().getByText('It would break callers of next.').waitFor();
      expect(await dialog().getByRole('button', { name: 'Replace document' }).isDisabled()).toBe(true);
      await dialog().getByRole('button', { name: 'Cancel' }).click();
      await dialog().waitFor({ state: 'detached' });
    });

    it('names who calls it', async () => {
      const row = page.getByRole('row').filter({ hasText: 'Wayfarer Travel' });
      await eventually('its caller is listed', async () => {
        await page.reload();
        await row.or(page.getByText('Nobody calls it')).waitFor();
        return row.isVisible();
      });
      await isFine('9-callers');
    });

    it('deprecates it with a day, and says so when somebody else was faster', async () => {
      const { pathname } = new URL(page.url());
      const other = await page.context().newPage();
      await other.goto(pathname);
      await other.getByRole('button', { name: 'Deprecate', exact: true }).click();
      await other.getByRole('dialog').getByText('1 application of 1 organization called it').waitFor();

      await button('Deprecate').click();
      await dialog().getByLabel('Switched off from (UTC)').fill('2001-01-01');
      await dialog().getByRole('button', { name: 'Deprecate', exact: true }).click();
      await dialog().getByText('Expected a day after today').waitFor();
      await isFine('10-past');
      await dialog().getByLabel('Switched off from (UTC)').fill(LAST_DAY);
      await dialog().getByLabel('Write to the organization that called it').check();
      await isFine('11-deprecate');
      await confirm('Deprecate');
      await page.getByText('1 organization gets an e-mail.').waitFor();
      await page.getByText('Dec 31, 2099 (UTC)').waitFor();
      expect((await call()).status).toBe(200);

      await other.getByRole('dialog').getByRole('button', { name: 'Deprecate', exact: true }).click();
      await other.getByRole('button', { name: 'Leave mine and load theirs' }).click();
      await other.getByText('Dec 31, 2099 (UTC)').waitFor();
      await other.close();
      await isFine('12-deprecated');
    });

    it('retires it: calls get 404', async () => {
      await button('Retire').click();
      await dialog().getByText('Calls of it get 404 at once').waitFor();
      await isFine('13-retire');
      await confirm('Retire');
      await button('Publish again').waitFor();
      await eventually('the gateway answers no more', async () => (await call()).status === 404);
      const desk = page.getByRole('navigation', { name: 'Publisher' });
      await desk.getByRole('link', { name: 'APIs', exact: true }).click();
      await page.getByRole('row').filter({ hasText: '/atlas/next' }).getByText('Retired').waitFor();
      await isFine('14-list');
    });

    it('logged no error in the browser', () => {
      expect(faults).toEqual([]);
    });
  });
}
