import { describe } from 'vitest';
import { BROWSER_HINT, findChromium } from '../support/browser.js';
import { sharePortal } from './portal/shared-portal.js';
import { unpaidInvoices } from './portal/unpaid-invoices.js';

const chromium = await findChromium();

describe.skipIf(chromium === null)(`unpaid invoices in ${chromium === null ? BROWSER_HINT : 'Chromium'}`, () => {
  unpaidInvoices(sharePortal(chromium));
});
