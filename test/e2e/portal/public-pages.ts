import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { violationsOf } from '../../support/axe.js';
import { SCREEN } from '../../support/screen.js';
import { accountOf, signIn } from '../../support/sign-in.js';
import { BRAND } from './brand.js';
import type { SharedPortal } from './shared-portal.js';

/** What each public page says, with scripts and without. */
const PAGES = [
  ['/', 'API products', 'Countries, capitals and currencies'],
  ['/products/atlas', 'Atlas', 'What calls count as'],
  ['/products/atlas/terms', 'Terms of Atlas', 'Keep your keys to yourself'],
  ['/docs', 'Documentation', 'Atlas v2'],
  ['/status', 'Status', 'Usage and billing'],
] as const;

export function publicPages(portal: SharedPortal): void {
  /** A page of a visitor; what the browser says of it is kept. */
  const open = async (options: BrowserContextOptions = {}): Promise<{ page: Page; said: string[] }> => {
    const baseURL = portal.installation.ready.portalUrl;
    const context = await portal.browser.newContext({ baseURL, ...SCREEN, ...options });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) said.push(message.text());
    });
    page.on('pageerror', (error) => said.push(error.message));
    return { page, said };
  };

  /** Until the application has all that it asks for, what was sent stays: until the function is called that this returns. */
  const holdBack = async (page: Page): Promise<() => void> => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/v1/settings', async (route) => {
      await held;
      await route.continue();
    });
    return () => release();
  };

  describe('public pages', () => {
    it.each(PAGES)('of %s can be read without scripts, on any screen, light and dark', async (at, heading, words) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, said } = await open({ javaScriptEnabled: false, colorScheme });
        expect((await page.goto(at))!.status()).toBe(200);
        await page.getByRole('heading', { name: heading, exact: true }).waitFor();
        await page.getByText(words).first().waitFor();
        expect(said).toEqual([]);
        const background = await page.evaluate<string>(
          `getComputedStyle(document.querySelector('.sent')).backgroundColor`,
        );
        expect(background).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(14, 19, 21)');
        const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        expect(await page.evaluate<number>(overflow)).toBe(0);
      }
    });

    it.each(PAGES)(
      'of %s give way to the application without an error and without going blank',
      async (at, heading, words) => {
        const { page, said } = await open();
        const release = await holdBack(page);
        await page.goto(at);
        await page.locator('.sent').getByText(words).first().waitFor();
        expect(await page.locator('#root > .sent').count()).toBe(1);
        expect(await violationsOf(page)).toEqual([]);
        const title = await page.title();
        release();
        await page.locator('.sent').waitFor({ state: 'detached' });
        await page.getByRole('heading', { name: heading, exact: true }).waitFor();
        await page.getByText(words).first().waitFor();
        expect(await page.title()).toBe(title);
        expect(await page.locator('#root').count()).toBe(1);
        expect(said).toEqual([]);
      },
    );

    it('are for the keyboard from the start, and the focus stays where it is when the application is there', async () => {
      const { page } = await open();
      const release = await holdBack(page);
      const focused = () =>
        page.evaluate<string>(`document.activeElement.getAttribute('href') ?? document.activeElement.id`);
      await page.goto('/');
      await page.locator('.sent').waitFor();
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('#content');
      await page.keyboard.press('Enter');
      expect(await focused()).toBe('content');
      await page.keyboard.press('Tab');
      const link = await focused();
      release();
      await page.locator('.sent').waitFor({ state: 'detached' });
      expect(await focused()).toBe(link);
      expect(link).toMatch(/^\//);
    });

    it('leave nothing of theirs in the head of the next page', async () => {
      const { page } = await open();
      await page.goto('/products/atlas');
      await page.locator('.sent').waitFor({ state: 'detached' });
      expect(await page.locator('link[rel=canonical]').getAttribute('href')).toMatch(/\/products\/atlas$/);
      await page.getByRole('link', { name: `${BRAND.PORTAL_NAME} home` }).click();
      await page.getByRole('heading', { name: 'API products' }).waitFor();
      await page.locator('head [data-sent]').first().waitFor({ state: 'detached' });
      expect(await page.title()).toBe(BRAND.PORTAL_NAME);
    });

    it('are seen beforehand by whoever writes them', async () => {
      const { page } = await open();
      const { signIns } = portal.installation.ready;
      await signIn(page, accountOf(signIns, 'publisher'));
      await page.goto('/publisher/products/atlas/edit');
      await page
        .getByRole('textbox', { name: 'Description' })
        .fill('# High\n\n| a | b |\n|---|---|\n| **1** | 2 |\n\n<script>globalThis.ran = 1</script>');
      await page.getByText('Preview', { exact: true }).click();
      const preview = page.getByRole('region', { name: 'Preview of the description' });
      await preview.getByRole('heading', { name: 'High' }).waitFor();
      expect(await preview.getByRole('cell').allTextContents()).toEqual(['1', '2']);
      expect(await preview.locator('script').count()).toBe(0);
      expect(await violationsOf(page)).toEqual([]);
      await page.getByText('Write', { exact: true }).click();
      expect(await page.getByRole('textbox', { name: 'Description' }).inputValue()).toContain('# High');
    });

    it('of a product that is not there are not found, with the portal’s page', async () => {
      const { page } = await open();
      expect((await page.goto('/products/nothing'))!.status()).toBe(404);
      await page.getByRole('heading', { name: 'This page does not exist' }).waitFor();
      expect(await violationsOf(page)).toEqual([]);
    });
  });
}
