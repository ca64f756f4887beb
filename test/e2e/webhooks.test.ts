import { describe } from 'vitest';
import { BROWSER_HINT, findChromium } from '../support/browser.js';
import { sharePortal } from './portal/shared-portal.js';
import { webhooks } from './portal/webhooks.js';

const chromium = await findChromium();

describe.skipIf(chromium === null)(`the portal in ${chromium === null ? BROWSER_HINT : 'Chromium'}`, () => {
  webhooks(sharePortal(chromium));
});
