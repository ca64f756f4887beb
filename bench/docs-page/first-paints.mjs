import { AT_A_DESK, ON_A_PHONE } from '../../test/support/screen.ts';
import { accountOf, signIn } from '../../test/support/sign-in.ts';

/** Where a stranger, a reader and a customer come in. */
const addresses = ['/', '/docs/atlas/v2', '/dashboard'];
const screens = { 'at a desk': AT_A_DESK, 'on a phone': ON_A_PHONE };

/**
 * The first contentful paint, in ms from the start of the navigation, of each page at each width: so many visits, in turns, each by a
 * browser that has nothing of the portal yet.
 */
export async function firstPaints(browser, { portalUrl, signIns }, visits) {
  const open = async (options) => (await browser.newContext({ baseURL: portalUrl, ...options })).newPage();
  const first = await open(AT_A_DESK);
  await signIn(first, accountOf(signIns, 'consumer'));
  const storageState = await first.context().storageState();
  await first.context().close();

  const measured = Object.entries(screens).flatMap(([where, screen]) =>
    addresses.map((address) => ({ page: `${address} ${where}`, address, screen, ms: [] })),
  );
  for (let visit = 0; visit < visits; visit++) {
    for (const { address, screen, ms } of measured) {
      const page = await open({ ...screen, ...(address === '/dashboard' && { storageState }) });
      await page.goto(address);
      const { pathname } = new URL(page.url());
      if (pathname !== address) throw new Error(`${address} led to ${pathname}`);
      ms.push(await firstContentfulPaintMs(page));
      await page.context().close();
    }
  }
  return measured;
}

async function firstContentfulPaintMs(page) {
  const entry = await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  return Math.round(await entry.jsonValue());
}
