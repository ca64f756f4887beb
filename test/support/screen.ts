import type { BrowserContextOptions } from 'playwright-core';

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 375, height: 812 };

/** For a new context, at a desk and on a phone, which is touched. */
export const AT_A_DESK: BrowserContextOptions = { viewport: DESKTOP };
export const ON_A_PHONE: BrowserContextOptions = { viewport: PHONE, isMobile: true, hasTouch: true };

/** The one of the two that stories are told on: `TEST_SCREEN=phone` for the phone. */
export const SCREEN = process.env['TEST_SCREEN'] === 'phone' ? ON_A_PHONE : AT_A_DESK;
