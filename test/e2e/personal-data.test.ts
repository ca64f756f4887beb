import { describe } from 'vitest';
import { BROWSER_HINT, findChromium } from '../support/browser.js';
import { personalData } from './portal/personal-data.js';
import { sharePortal } from './portal/shared-portal.js';

const chromium = await findChromium();

describe.skipIf(chromium === null)(`accounts in ${chromium === null ? BROWSER_HINT : 'Chromium'}`, () => {
  personalData(sharePortal(chromium, { TERMS_URL: 'https://terms.example/use', TERMS_VERSION: '2026-11' }));
});
