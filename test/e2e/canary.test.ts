import { describe } from 'vitest';
import { BROWSER_HINT, findChromium } from '../support/browser.js';
import { sharePortal } from './portal/shared-portal.js';
import { canary } from './portal/canary.js';

const chromium = await findChromium();

describe.skipIf(chromium === null)(`the portal in ${chromium === null ? BROWSER_HINT : 'Chromium'}`, () => {
  canary(sharePortal(chromium));
});
