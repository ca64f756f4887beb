import { describe } from 'vitest';
import { BROWSER_HINT, findChromium } from '../support/browser.js';
import { publicPages } from './portal/public-pages.js';
import { settingsInForce } from './portal/settings-in-force.js';
import { sharePortal } from './portal/shared-portal.js';
import { versionPolicies } from './portal/version-policies.js';

const chromium = await findChromium();

/**
 * Stories that need nothing of others and leave nothing to them. An installation of their own keeps sign-ins of all stories together below the
 * bound of one address.
 */
describe.skipIf(chromium === null)(`pages of the portal in ${chromium === null ? BROWSER_HINT : 'Chromium'}`, () => {
  const portal = sharePortal(chromium);
  settingsInForce(portal);
  publicPages(portal);
  versionPolicies(portal);
});
