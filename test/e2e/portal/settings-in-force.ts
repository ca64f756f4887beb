import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from '../../support/axe.js';
import { SCREEN } from '../../support/screen.js';
import { accountOf, signIn } from '../../support/sign-in.js';
import type { SharedPortal } from './shared-portal.js';

/** With which settings the processes of the installation run: it changes nothing. */
export function settingsInForce(portal: SharedPortal): void {
  describe('the settings in force', () => {
    let page: Page;
    beforeAll(async () => {
      const { installation, browser } = portal;
      const context = await browser.newContext({ ...SCREEN, baseURL: installation.ready.portalUrl });
      page = await context.newPage();
      await signIn(page, accountOf(installation.ready.signIns, 'operator'));
      await page.goto('/operator');
      await page.getByRole('link', { name: 'Settings', exact: true }).click();
    });
    afterAll(() => page?.context().close());

    it('are of each process, without a secret', async () => {
      const processes = page.getByRole('table', { name: 'Processes' });
      for (const kind of ['Control plane', 'Gateway', 'Worker'])
        await processes.getByRole('row', { name: new RegExp(`^${kind}.*Running`) }).waitFor();
      const pepper = page.getByRole('row', { name: /^KEY_PEPPERS/ });
      expect(await pepper.textContent()).toMatch(/current first.*Set/);
      const text = (await page.textContent('body'))!;
      const file = fs.readFileSync(path.join(portal.installation.home, 'secrets.json'), 'utf8');
      const secrets = Object.values(JSON.parse(file) as Record<string, unknown>).map(String);
      expect(secrets.length).toBeGreaterThan(3);
      expect(secrets.filter((secret) => secret.length > 8 && text.includes(secret))).toEqual([]);
      expect(await violationsOf(page)).toEqual([]);
    });

    it('are found by name, by what is not the default, and by where processes differ', async () => {
      await page.getByLabel('Find a setting').fill('private networks');
      await page.getByRole('row', { name: /^UPSTREAM_ALLOW_PRIVATE/ }).waitFor();
      await page.getByRole('row', { name: /^KEY_PEPPERS/ }).waitFor({ state: 'detached' });
      const issuers = page.getByRole('row', { name: /^ISSUER_ALLOW_PRIVATE/ });
      expect(await issuers.textContent()).toContain('Default · control plane, gateway');
      await page.getByLabel('Only what is not the default').check();
      await issuers.waitFor({ state: 'detached' });
      await page.getByRole('row', { name: /^UPSTREAM_ALLOW_PRIVATE.*true/ }).waitFor();
      await page.getByLabel('Only where processes differ').check();
      await page.getByText('Nothing fits').waitFor();
      await page.getByText('Processes of one kind have the same settings.').waitFor();
    });
  });
}
