import { describe, expect, it, onTestFinished } from 'vitest';
import { violationsOf } from '../../support/axe.js';
import { SCREEN } from '../../support/screen.js';
import type { SharedPortal } from './shared-portal.js';

/** Of an installation whose own colour is too light for white words. */
export const BRAND = {
  PORTAL_NAME: 'Sky Developers',
  PORTAL_TAGLINE: 'Places and weather, with one key.',
  PORTAL_ACCENT: '#ffb000',
  SUPPORT_URL: 'mailto:help@sky.example',
  PRIVACY_URL: 'https://sky.example/privacy',
};

/** The colour's own hue, dark enough; and light enough for the dark scheme. */
const FILLED = { light: 'rgb(152, 103, 0)', dark: 'rgb(158, 107, 0)' };

/** The name and the look of an installation: it changes nothing. */
export function brand(portal: SharedPortal): void {
  describe('the brand of an installation', () => {
    it.each(['light', 'dark'] as const)('is on every page and can be read, in the %s scheme', async (colorScheme) => {
      const baseURL = portal.installation.ready.portalUrl;
      const context = await portal.browser.newContext({ baseURL, ...SCREEN, colorScheme });
      onTestFinished(() => context.close());
      const page = await context.newPage();
      await page.goto('/');
      await page.getByRole('heading', { name: `Start building with ${BRAND.PORTAL_NAME}.` }).waitFor();
      await page.getByText(BRAND.PORTAL_TAGLINE).waitFor();
      await page.locator('.sent').waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'Sign up', exact: true }).waitFor();
      const colour = `getComputedStyle(document.querySelector('header a[href="/sign-up"]')).backgroundColor`;
      expect(await page.evaluate<string>(colour)).toBe(FILLED[colorScheme]);
      const footer = page.getByRole('navigation', { name: 'Footer' });
      expect(await footer.getByRole('link', { name: 'Support' }).getAttribute('href')).toBe(BRAND.SUPPORT_URL);
      expect(await violationsOf(page)).toEqual([]);
      for (const address of ['/docs/atlas/v1', '/sign-up']) {
        await page.goto(address);
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await page.locator('img[src="/brand/logo"]').first().waitFor();
        const width = `document.querySelector('img[src="/brand/logo"]').naturalWidth`;
        expect(await page.evaluate<number>(width)).toBeGreaterThan(0);
        await page.getByRole('link', { name: 'Privacy' }).last().waitFor();
        expect(await violationsOf(page)).toEqual([]);
      }
    });
  });
}
