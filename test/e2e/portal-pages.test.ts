import { describe } from 'vitest';
import { BROWSER_HINT, findChromium } from '../support/browser.js';
import { BRAND, brand } from './portal/brand.js';
import { financeDesk } from './portal/finance-desk.js';
import { publicPages } from './portal/public-pages.js';
import { settingsInForce } from './portal/settings-in-force.js';
import { sharePortal } from './portal/shared-portal.js';
import { subscriptionLife } from './portal/subscription-life.js';
import { versionPolicies } from './portal/version-policies.js';
import { versionTranslation } from './portal/version-translation.js';

const chromium = await findChromium();

/**
 * Stories that need nothing of others. An installation of their own keeps the sign-ins of all stories together below the
 * bound of one address, and takes no longer than the other stories do meanwhile.
 */
describe.skipIf(chromium === null)(`pages of the portal in ${chromium === null ? BROWSER_HINT : 'Chromium'}`, () => {
  const portal = sharePortal(chromium, BRAND);
  brand(portal);
  settingsInForce(portal);
  publicPages(portal);
  versionPolicies(portal);
  versionTranslation(portal);
  // It ends the subscription of the demo's key.
  subscriptionLife(portal);
  // It moves the clock by a month.
  financeDesk(portal);
});
