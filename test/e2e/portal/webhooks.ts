import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from '../../support/axe.js';
import { eventually } from '../../support/installation.js';
import { PHONE, SCREEN } from '../../support/screen.js';
import { accountOf, signIn } from '../../support/sign-in.js';
import type { SharedPortal } from './shared-portal.js';
import { WebhookReceiver, verifies } from '../../support/webhook-receiver.js';

/** Where screenshots go that somebody wants to look at; none are made without it. */
const shots = process.env['SCREENSHOTS'];

export function webhooks(portal: SharedPortal): void {
  describe('webhooks', () => {
    let receiver: WebhookReceiver;
    let page: Page;
    let secret: string;
    const faults: string[] = [];

    beforeAll(async () => {
      receiver = await WebhookReceiver.start();
      page = await openAsConsumer(SCREEN);
    });
    afterAll(async () => {
      await receiver?.stop();
    });
    afterEach(async ({ task }) => {
      if (task.result?.state !== 'fail' || !page) return;
      const file = path.join(os.tmpdir(), 'tollgate-failed-page-of-webhooks.png');
      await page.screenshot({ path: file, fullPage: true });
      console.log(`${task.name}: at ${page.url()}, see ${file}`);
    });

    async function openAsConsumer(options: Parameters<Browser['newContext']>[0]): Promise<Page> {
      const { portalUrl, signIns } = portal.installation.ready;
      const context = await portal.browser.newContext({ baseURL: portalUrl, ...options });
      const opened = await context.newPage();
      opened.setDefaultTimeout(30_000);
      opened.on('pageerror', (error) => faults.push(error.message));
      await signIn(opened, accountOf(signIns, 'consumer'));
      return opened;
    }
    const shoot = async (of: Page, name: string) => {
      if (shots) await of.screenshot({ path: path.join(shots, `webhooks-${name}.png`), fullPage: true });
    };
    const dialog = () => page.getByRole('dialog');
    const button = (name: string) => page.getByRole('button', { name, exact: true });

    it('adds an endpoint, and shows its secret once', async () => {
      await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
      await page.getByText('No endpoints yet').waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await shoot(page, '1-empty');
      await button('Add endpoint').click();
      await dialog().getByLabel('URL').fill('http://10.0.0.1/hook');
      await dialog().getByRole('checkbox', { name: 'key.created' }).check();
      await dialog().getByRole('button', { name: 'Add endpoint' }).click();
      await dialog()
        .getByText(/use https/)
        .waitFor();
      await dialog().getByLabel('URL').fill(receiver.url);
      await dialog().getByLabel('Description').fill('Our books');
      await shoot(page, '2-create');
      expect(await violationsOf(page)).toEqual([]);
      await dialog().getByRole('button', { name: 'Add endpoint' }).click();
      secret = (await dialog().getByTestId('revealed-secret').textContent())!;
      expect(secret).toMatch(/^whsec_/);
      expect(await violationsOf(page)).toEqual([]);
      await shoot(page, '3-secret');
      await dialog().getByRole('button', { name: 'Done' }).click();
      await dialog().waitFor({ state: 'hidden' });
      expect((await page.content()).includes(secret)).toBe(false);
      await page.getByRole('link', { name: receiver.url }).waitFor();
      await shoot(page, '4-list');
    });

    it('sends a test message that verifies with it, and shows how it was answered', async () => {
      receiver.answers.push({ status: 500, body: '<img src=x onerror=alert(1)> broken' });
      await page.getByRole('link', { name: receiver.url }).click();
      await button('Send test message').click();
      await page.getByText('Retrying').waitFor();
      await page.getByRole('cell', { name: 'Delivered' }).waitFor();
      expect(receiver.received).toHaveLength(2);
      expect(new Set(receiver.ids).size).toBe(1);
      for (const message of receiver.received) expect(verifies(message, secret)).toBe(true);
      expect(await violationsOf(page)).toEqual([]);
      await shoot(page, '5-log');
      await button('Details of webhook.test').click();
      await dialog().getByText('<img src=x onerror=alert(1)> broken').waitFor();
      expect(await dialog().locator('img').count()).toBe(0);
      expect(await violationsOf(page)).toEqual([]);
      await shoot(page, '6-message');
      await dialog().getByRole('button', { name: 'Send again' }).click();
      await eventually('it is sent again', () => receiver.received.length === 3);
      expect(new Set(receiver.ids).size).toBe(1);
      await dialog().getByRole('button', { name: 'Close', exact: true }).last().click();
    });

    it('rotates the secret, and messages have signatures of both', async () => {
      await button('Rotate secret').click();
      await dialog().getByRole('button', { name: 'Rotate secret' }).click();
      const rotated = (await dialog().getByTestId('revealed-secret').textContent())!;
      expect(await violationsOf(page)).toEqual([]);
      await dialog().getByRole('button', { name: 'Done' }).click();
      await page.getByText('The secret before signs until').waitFor();
      await button('Send test message').click();
      await eventually('another message', () => receiver.received.length === 4);
      const last = receiver.received.at(-1)!;
      expect([verifies(last, secret), verifies(last, rotated)]).toEqual([true, true]);
    });

    it('fits a phone in the dark', async () => {
      const { pathname } = new URL(page.url());
      const phone = await openAsConsumer({ viewport: PHONE, colorScheme: 'dark' });
      for (const [at, name] of [
        ['/dashboard/webhooks', '7-list-phone'],
        [pathname, '8-endpoint-phone'],
      ] as const) {
        await phone.goto(at);
        await phone.getByText('127.0.0.1').first().waitFor();
        if (at === pathname) await phone.getByText('webhook.test').first().waitFor();
        expect(await violationsOf(phone)).toEqual([]);
        const width = await phone.evaluate<number>('document.documentElement.scrollWidth');
        expect(width).toBeLessThanOrEqual(375);
        await shoot(phone, name);
      }
      await phone.context().close();
    });

    it('turns it off and on, and deletes it', async () => {
      await button('Turn off').click();
      await dialog().getByRole('button', { name: 'Turn off' }).click();
      await button('Turn on').waitFor();
      expect(await button('Send test message').count()).toBe(0);
      await button('Turn on').click();
      await button('Send test message').waitFor();
      await button('Delete').click();
      await dialog().getByRole('button', { name: 'Delete endpoint' }).click();
      await page.getByText('No endpoints yet').waitFor();
      expect(faults).toEqual([]);
    });
  });
}
