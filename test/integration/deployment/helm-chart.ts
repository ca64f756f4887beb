import fs from 'node:fs';
import path from 'node:path';
import { type AppName, SettingsError, describeVariables, parseSettings } from '#config';
import { parse } from 'yaml';

export const CHART = path.resolve(import.meta.dirname, '../../../deploy/helm/tollgate');

/** A file of the chart. */
export const readChart = (file: string) => fs.readFileSync(path.join(CHART, file), 'utf8');

/** The processes that the chart starts. */
export const APPS = ['gateway', 'worker', 'api', 'cli', 'migrations'] as const satisfies AppName[];

/** What the chart makes itself, or nobody sets in production. */
const NOT_OFFERED = new Set([
  'HOST',
  'GATEWAY_ID',
  'GATEWAY_PORT',
  'GATEWAY_ADMIN_PORT',
  'GATEWAY_PROCESSES',
  'GATEWAY_TLS_PORT',
  'GATEWAY_TLS_DIR',
  'WORKER_ADMIN_PORT',
  'API_PORT',
  'JOURNAL_DIR',
  'UPSTREAM_TARGETS_DIR',
  'PORTAL_LOGO',
  'USAGE_ARCHIVE_DIR',
  'MAIL_INBOX_URL',
  'FAULT',
]);

/** What has a password or a key in it. */
const SECRETS = new Set([
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'QUEUE_URL',
  'REDIS_URL',
  'CLICKHOUSE_URL',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'SMTP_URL',
  'AUTH_SECRET',
  'OIDC_CLIENT_SECRET',
  'KEY_PEPPERS',
  'ENCRYPTION_KEYS',
  'DECISION_SECRET',
]);

interface OfApp {
  readonly secrets: Readonly<Record<string, 'required' | 'optional'>>;
  readonly settings: readonly string[];
}

/** What the chart must say of each process for it to start, as the code reads its settings. */
export function expectedSettings(): Readonly<Record<string, OfApp>> {
  return Object.fromEntries(
    APPS.map((app) => {
      const needed = neededBy(app);
      const read = describeVariables()
        .filter(({ apps }) => apps.includes(app))
        .map(({ name }) => name as string);
      const secrets = read.filter((name) => SECRETS.has(name));
      return [
        app,
        {
          secrets: Object.fromEntries(secrets.map((name) => [name, needed.has(name) ? 'required' : 'optional'])),
          settings: read.filter((name) => !SECRETS.has(name) && !NOT_OFFERED.has(name)),
        },
      ];
    }),
  );
}

/** The settings without which an app does not start. */
export function neededBy(app: AppName): ReadonlySet<string> {
  try {
    parseSettings(app, {});
    return new Set();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return new Set([...error.message.matchAll(/^ {2}([A-Z_]+): is not set/gm)].map(([, name]) => name!));
  }
}

export const chartSettings = () => parse(readChart('files/settings.yaml')) as Readonly<Record<string, OfApp>>;
