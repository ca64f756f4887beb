import type { Settings } from '#config';

/** What the worker's services are given by name, as it is no class. */
export const SETTINGS = Symbol('settings');
export const LOGGER = Symbol('logger');
export const CONTEXT = Symbol('service context');
export const PAYMENT_PROVIDER = Symbol('payment provider');
export const MAILER = Symbol('mailer');

export type WorkerSettings = Settings<'worker'>;

/** Where the jobs are: QUEUE_URL, else the same Postgres. */
export function queueUrlOf(settings: WorkerSettings): string {
  return settings.QUEUE_URL ?? settings.DATABASE_URL;
}
