import type { Settings } from '#config';

/** Tokens of what has an interface but no class. */
export const SETTINGS = Symbol('settings');
export const SERVICE_CONTEXT = Symbol('service context');
export const PAYMENT_PROVIDER = Symbol('payment provider');
export const MAILER = Symbol('mailer');
export const CLOCK_CONTROL = Symbol('clock control');
export const LEAK_REPORT_KEYS = Symbol('leak report keys');
export const AUTHENTICATION = Symbol('authentication');
export const INVITATION_MAILS = Symbol('invitation mails');
export const PORTAL_FILES = Symbol('portal files');
export const DOCS_FILES = Symbol('docs files');
export const QUEUE_DESK = Symbol('queue desk');
export const BRAND = Symbol('brand');
export const LOGGER = Symbol('logger');

export type ApiSettings = Settings<'api'>;
