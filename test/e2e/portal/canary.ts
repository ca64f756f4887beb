import fs from 'node:fs';
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from '../../support/axe.js';
import { eventually } from '../../support/installation.js';
import { AT_A_DESK, ON_A_PHONE } from '../../support/screen.js';
import { accountOf, signIn } from '../../support/sign-in.js';
import type { SharedPortal } from './shared-portal.js';

/** Where pictures of the pages go, for whoever wants to look at them. */
const pictures = process.env['PICTURES_DIR'];
const demo = path.resolve(import.meta.dirname, '../../../apps/demo-api');
const ATLAS_V2 = "upstream: { url: '${demoApiUrl}/v2', responseTimeoutMs: 10000 }";

/** A place that says who it is, after doing nothing for a moment. */
async function startPlace(name: string, status: number): Promise<Server> {
  const server = http.createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ name }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

export function canary(portal: SharedPortal): void {
  describe('the canary of a version', () => {
    let page: Page;
    let phone: Page;
    let stable: Server;
    let canaryPlace: Server;
    let folder: string;
    let demoApiUrl: string;
    const faults: string[] = [];

    beforeAll(async () => {
      [stable, canaryPlace] = [await startPlace('stable', 200), await startPlace('canary', 503)];
      // Beside the demo's catalogue, whose documents it names.
      folder = fs.mkdtempSync(path.join(portal.installation.home, 'canary-'));
      fs.cpSync(demo, folder, { recursive: true });
      const { portalUrl, signIns } = portal.installation.ready;
      const open = async (screen: typeof AT_A_DESK) => {
        const context = await portal.browser.newContext({ baseURL: portalUrl, ...screen });
        const opened = await context.newPage();
        opened.setDefaultTimeout(20_000);
        opened.on('pageerror', (error) => faults.push(error.message));
        await signIn(opened, accountOf(signIns, 'publisher'));
        return opened;
      };
      page = await open(AT_A_DESK);
      const found = await page.request.get('/api/v1/publisher/apis/atlas/versions/v1');
      const { upstream } = (await found.json()) as { readonly upstream: { readonly urls: readonly string[] } };
      demoApiUrl = new URL(upstream.urls[0]!).origin;
      phone = await open({ ...ON_A_PHONE, colorScheme: 'dark' });
    });
    afterAll(async () => {
      await apply(ATLAS_V2);
      for (const server of [stable, canaryPlace]) server.close();
    });

    /** Applies the demo's catalogue with another upstream of `atlas v2`. */
    const apply = async (upstream: string) => {
      const file = path.join(folder, 'tollgate.yaml');
      const source = fs.readFileSync(path.join(demo, 'tollgate.yaml'), 'utf8');
      expect(source).toContain(ATLAS_V2);
      fs.writeFileSync(file, source.replace(ATLAS_V2, upstream));
      const applied = await portal.installation.tollgate('apply', '-f', file, '--set', `demoApiUrl=${demoApiUrl}`);
      expect([applied.code, applied.stderr]).toEqual([0, '']);
      return applied.stdout;
    };
    const withCanary = () =>
      `upstream: { targets: [{ url: '${urlOf(stable)}', subset: stable }, { url: '${urlOf(canaryPlace)}', subset: canary }], ` +
      `traffic: { rules: [{ name: testers, match: [{ headers: { x-canary: { exact: 'yes' } } }], subset: canary }], ` +
      `default: { split: [{ subset: stable, weight: 95 }, { subset: canary, weight: 5 }] } } }`;
    const call = async (headers: Readonly<Record<string, string>> = {}) => {
      const { gatewayUrl, key } = portal.installation.ready;
      const answer = await fetch(`${gatewayUrl}/atlas/v2/countries/NZ`, { headers: { 'x-api-key': key, ...headers } });
      const { name } = (await answer.json()) as { readonly name: string };
      return name;
    };
    const isFine = async (shown: Page, name: string) => {
      expect(await violationsOf(shown)).toEqual([]);
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await shown.evaluate(overflow)).toBeLessThanOrEqual(0);
      if (pictures) await shown.screenshot({ path: path.join(pictures, `canary-${name}.png`), fullPage: true });
    };
    const split = (rule: string) => page.getByTestId(`split-${rule}`);

    it('says what to do where a version has no subsets', async () => {
      await page.goto('/publisher/apis/atlas/versions/v2');
      await page.getByRole('heading', { level: 1, name: 'Atlas v2' }).waitFor();
      expect(await page.getByRole('link', { name: 'Canary' }).count()).toBe(0);
      await page.goto('/publisher/apis/atlas/versions/v2/canary');
      await page.getByText('No subsets', { exact: true }).waitFor();
      await isFine(page, '1-without');
    });

    it('shows the subsets beside each other within seconds of their calls', async () => {
      await apply(withCanary());
      await eventually('testers reach the canary', async () => (await call({ 'x-canary': 'yes' })) === 'canary');
      await page.goto('/publisher/apis/atlas/versions/v2');
      await page.getByRole('link', { name: 'Canary', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Canary of atlas v2' }).waitFor();
      await page.getByText('15 min', { exact: true }).click();
      const card = page.getByTestId('subset-canary');
      await card.getByText('100%', { exact: true }).waitFor({ timeout: 30_000 });
      expect(await card.textContent()).toMatch(/p95\d+(\.\d)? ms/);
      expect(page.url()).toContain('within=15m');
      await isFine(page, '2-live');
      await phone.goto('/publisher/apis/atlas/versions/v2/canary?within=24h');
      await phone.getByTestId('subset-canary').getByText('100%', { exact: true }).waitFor();
      await isFine(phone, '3-phone');
    });

    it('changes shares after showing what that does', async () => {
      await page.getByRole('button', { name: 'Change shares: All other calls' }).click();
      const dialog = page.getByRole('dialog');
      const confirm = dialog.getByRole('button', { name: 'Change shares', exact: true });
      await dialog.getByText('Nothing changes yet.').waitFor();
      expect(await confirm.isDisabled()).toBe(true);
      await dialog.getByLabel('Share of canary', { exact: true }).fill('20');
      await dialog.getByText('stable 95% → 80%, canary 5% → 20%.').waitFor();
      await isFine(page, '4-shares');
      await confirm.click();
      await dialog.waitFor({ state: 'detached' });
      await split('others').getByText('stable 80%, canary 20%').waitFor();
      await split('others').getByText('was written with stable 95%, canary 5%').waitFor();
    });

    it('refuses to change unseen what somebody else has changed', async () => {
      await page.getByRole('button', { name: 'Change shares: All other calls' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Share of canary', { exact: true }).fill('50');
      const words = ['--api', 'atlas', '--version', 'v2', '--share', 'stable=70', '--share', 'canary=30'];
      await portal.installation.tollgateJson('canary', 'set', ...words);
      await dialog.getByRole('button', { name: 'Change shares', exact: true }).click();
      await dialog.getByRole('button', { name: 'Leave mine and load theirs' }).click();
      await dialog.waitFor({ state: 'detached' });
      await split('others').getByText('stable 70%, canary 30%').waitFor();
    });

    it('sends everything to stable at one press on a phone, which a file that is applied again leaves so', async () => {
      // It has not been touched since: the page renews itself.
      await phone.getByTestId('split-others').getByText('stable 70%, canary 30%').waitFor();
      await phone.getByRole('button', { name: 'Send everything to stable' }).click();
      const dialog = phone.getByRole('dialog');
      await dialog.getByText('Rule testers: now canary 100%').waitFor();
      await isFine(phone, '5-everything');
      await dialog.getByRole('button', { name: 'Send everything to stable' }).click();
      await dialog.waitFor({ state: 'detached' });
      await eventually('testers are at stable', async () => (await call({ 'x-canary': 'yes' })) === 'stable');
      expect(await apply(withCanary())).toContain(
        'testers: stable 100, canary 0 was set since the file was applied, and stays',
      );
      expect(await call({ 'x-canary': 'yes' })).toBe('stable');
      await split('testers').getByText('stable 100%').waitFor();
      await isFine(page, '6-ended');
    });

    it('has latencies and errors of the product by operation where its usage is', async () => {
      for (const shown of [page, phone]) {
        await shown.goto('/publisher/products/atlas/usage?days=7');
        const row = shown.getByRole('row').filter({ hasText: 'getCountry (atlas v2)' });
        await row.waitFor();
        expect(await row.textContent()).toMatch(/\d ms/);
        await isFine(shown, `7-latency-${shown === page ? 'desk' : 'phone'}`);
      }
      expect(faults).toEqual([]);
    });
  });
}
