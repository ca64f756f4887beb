import fs from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { violationsOf } from '../../support/axe.js';
import { SCREEN } from '../../support/screen.js';
import { accountOf, signIn } from '../../support/sign-in.js';
import type { SharedPortal } from './shared-portal.js';

const document = `openapi: 3.1.0
info: { title: Moons, version: '1' }
paths:
  /now:
    get: { operationId: getNow, summary: Now, responses: { 200: { description: ok } } }
`;

const moons = `tollgate: 1
apis:
  - slug: moons
    title: Moons
    publisher: atlas
    versions:
      - name: v1
        document: documents/moons.yaml
        basePath: /moons/v1
        upstream:
          url: \${upstream}
`;

export function catalogFile(portal: SharedPortal): void {
  describe('the catalogue as a file, in the browser', () => {
    let page: Page;
    let exported: string;
    beforeAll(async () => {
      const { portalUrl, signIns } = portal.installation.ready;
      const context = await portal.browser.newContext({ baseURL: portalUrl, ...SCREEN });
      page = await context.newPage();
      page.setDefaultTimeout(20_000);
      page.on('dialog', (dialog) => void dialog.accept());
      await signIn(page, accountOf(signIns, 'publisher'));
    });

    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const text = () => page.getByRole('textbox', { name: 'Catalogue file' });
    const look = () => button('See what would change').click();
    const result = () =>
      page.locator('section', { has: page.getByRole('heading', { level: 2, name: /^What (would|has)/ }) });
    const choose = (content: string, name = 'catalog.yaml', at = 0) =>
      page
        .locator('input[type=file]')
        .nth(at)
        .setInputFiles({ name, mimeType: 'application/yaml', buffer: Buffer.from(content) });
    const costing = (fee: string) => exported.replace("fixedFee: '29.00'", `fixedFee: '${fee}'`);

    it('comes out, and is no change as it is', async () => {
      await page.goto('/publisher');
      await page.getByRole('link', { name: 'Catalogue file', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Catalogue file' }).waitFor();
      const downloading = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Download the file' }).click();
      const download = await downloading;
      expect(download.suggestedFilename()).toBe('catalog.yaml');
      exported = fs.readFileSync(await download.path(), 'utf8');
      expect(costing('31')).not.toBe(exported);
      await button('Edit it here').click();
      await look();
      await result().getByText('No difference: what is live is what the file says.').waitFor();
      expect(await text().inputValue()).toBe(exported);
      expect(await page.getByRole('button', { name: /^Apply/ }).count()).toBe(0);
    });

    it('says where a faulty file is at fault, and keeps what was written', async () => {
      const faulty = costing('much');
      const line = faulty.split('\n').findIndex((one) => one.includes("'much'")) + 1;
      await choose(faulty);
      await look();
      await result().getByText('The file has 1 fault. Nothing was changed.').waitFor();
      const fault = result().getByRole('listitem');
      expect(await fault.innerText()).toContain(`Line ${line} · products.atlas.plans.pro.fixedFee`);
      expect(await violationsOf(page)).toEqual([]);
      expect(await text().inputValue()).toBe(faulty);
      await button(`Line ${line}`).click();
      const selected = String(await page.evaluate('getSelection().toString()'));
      expect(selected.trim()).toBe("fixedFee: 'much'");
      await choose('tollgate: 1\napis: [');
      await page.getByText('Line 2: This is not YAML').waitFor();
      expect(await button('See what would change').isDisabled()).toBe(true);
    });

    it('shows the difference field by field, and applies what is shown', async () => {
      await choose(costing('31'));
      await look();
      await result().getByText('fixedFee', { exact: true }).waitFor();
      const difference = await result().locator('dd').innerText();
      expect(difference.replaceAll(/\s+/g, ' ')).toContain('29.00 → after: 31');
      expect(await violationsOf(page)).toEqual([]);
      await choose(costing('30'));
      await result().getByText('look again').waitFor();
      expect(await button('Apply 1 change').isDisabled()).toBe(true);
      await choose(costing('31'));
      await look();
      await button('Apply 1 change').click();
      await result().getByText('1 change made.').waitFor();
      await result().getByRole('link', { name: 'Open plan version atlas/pro@2' }).click();
      await page.getByRole('heading', { level: 1, name: 'Atlas Pro' }).waitFor();
      await page.getByText('$31.00').first().waitFor();
    });

    it('applies nothing when the catalogue has changed since', async () => {
      await page.goto('/publisher/catalog-file');
      await choose(costing('33'));
      await look();
      await button('Apply 1 change').waitFor();
      const other = await page.request.post('/api/v1/publisher/catalog', {
        data: { catalog: parse(costing('32')) as object },
        headers: { origin: portal.installation.ready.portalUrl },
      });
      expect(other.status()).toBe(200);
      await button('Apply 1 change').click();
      await result().getByText('Compare them again.').waitFor();
      await look();
      await result().getByText('plan version atlas/pro@4').waitFor();
      const difference = await result().locator('dd').innerText();
      expect(difference.replaceAll(/\s+/g, ' ')).toContain('32 → after: 33');
    });

    it('takes the documents that it names and the values of its variables along', async () => {
      await page.goto('/publisher/catalog-file');
      await text().fill(moons);
      await look();
      await page.getByText('Choose documents/moons.yaml too.').waitFor();
      await page.getByText('Say what ${upstream} stands for.').waitFor();
      await choose(document, 'moons.yaml', 1);
      await page.getByText('Chosen', { exact: true }).waitFor();
      await page.getByLabel('upstream').fill('https://moons.example.com');
      await look();
      await button('Apply 2 changes').click();
      await result().getByRole('link', { name: 'Open API version moons/v1' }).click();
      await page.getByRole('heading', { level: 1, name: 'Moons v1' }).waitFor();
    });
  });
}
