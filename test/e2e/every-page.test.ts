import { describe } from 'vitest';
import { BROWSER_HINT, findChromium } from '../support/browser.js';
import { everyPage } from './portal/every-page.js';
import { sharePortal } from './portal/shared-portal.js';

const chromium = await findChromium();

describe.skipIf(chromium === null)(`pages in ${chromium === null ? BROWSER_HINT : 'Chromium'}`, () => {
  everyPage(sharePortal(chromium));
});
