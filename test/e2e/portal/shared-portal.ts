import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchChromium } from '../../support/browser.js';
import { Installation } from '../../support/installation.js';

export interface SharedPortal {
  readonly installation: Installation;
  readonly browser: Browser;
}

/** One installation and one browser for all stories of the suite that it is called in, from its first test to its last. */
export function sharePortal(chromium: string | null, settings: Readonly<Record<string, string>> = {}): SharedPortal {
  let installation: Installation | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    installation = await Installation.start({ settings });
    browser = await launchChromium(chromium!);
  });
  afterAll(async () => {
    await browser?.close();
    await installation?.stop();
    installation?.remove();
  });
  return {
    get installation() {
      return installation!;
    },
    get browser() {
      return browser!;
    },
  };
}
