import { describe } from 'vitest';
import { BROWSER_HINT, findChromium } from '../support/browser.js';
import { apiVersions } from './portal/api-versions.js';
import { catalogFile } from './portal/catalog-file.js';
import { newProduct } from './portal/new-product.js';
import { sharePortal } from './portal/shared-portal.js';
import { tryIt } from './portal/try-it.js';

const chromium = await findChromium();

/** Stories that leave each other what they need: one after the other they share an installation, which takes longer to start than each of them. */
describe.skipIf(chromium === null)(`the portal in ${chromium === null ? BROWSER_HINT : 'Chromium'}`, () => {
  const portal = sharePortal(chromium);
  tryIt(portal);
  // It leaves a retired version behind.
  apiVersions(portal);
  // It leaves a product behind that nobody uses.
  newProduct(portal);
  // It leaves an API behind, and makes a plan dearer.
  catalogFile(portal);
});
