import type { BrowserContextOptions } from 'playwright-core';

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 375, height: 812 };

/** Whether the stories of the browser are told on a phone: `TEST_SCREEN=phone`. */
export const isOnPhone = process.env['TEST_SCREEN'] === 'phone';

/** For a new context: the screen that the stories are told on, which is touched where it is a phone's. */
export const SCREEN: BrowserContextOptions = isOnPhone
  ? { viewport: PHONE, isMobile: true, hasTouch: true }
  : { viewport: DESKTOP };
