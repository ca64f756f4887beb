import os from 'node:os';
import type { z } from 'zod';
import { APP_VARIABLES, type AppName } from './app-variables.js';
import { SECRET_SETTINGS } from './setting-groups.js';
import type { Settings } from './settings.js';
import { softwareVersion } from './software-version.js';
import { variables } from './variables.js';

/** Longer values are cut, with an ellipsis. */
const MOST_CHARACTERS = 500;

/** A setting as a process has it, fit to be shown to operators. */
export interface EffectiveSetting {
  readonly name: string;
  /** Null where it has none, and for secrets. URLs are without user, password and query. */
  readonly value: string | null;
  /** Whether it has a value, be it a default. */
  readonly isSet: boolean;
  /** Whether it has the value that it would have if nobody set it. */
  readonly isDefault: boolean;
}

/** What a process says of itself when it starts. */
export interface ProcessReport {
  readonly softwareVersion: string;
  readonly nodeVersion: string;
  readonly hostName: string;
  readonly settings: readonly EffectiveSetting[];
}

/** The settings that `app` runs with, in no way fit to get in by: no secret, and no user or password of a URL. */
export function effectiveSettings<App extends AppName>(app: App, settings: Settings<App>): EffectiveSetting[] {
  const values: Readonly<Record<string, unknown>> = settings;
  return APP_VARIABLES[app].map((name) => {
    const unset = (variables[name] as z.ZodType).safeParse(undefined);
    const text = textOf(values[name]);
    return {
      name,
      value: SECRET_SETTINGS.has(name) ? null : shown(text),
      isSet: text !== null,
      isDefault: unset.success && text === textOf(unset.data),
    };
  });
}

/** What this process says of itself, and the settings that it was started with. */
export function processReport<App extends AppName>(app: App, settings: Settings<App>): ProcessReport {
  return {
    softwareVersion: softwareVersion(),
    nodeVersion: process.version,
    hostName: os.hostname(),
    settings: effectiveSettings(app, settings),
  };
}

/** A value as people write it; of keys their ids. */
function textOf(value: unknown): string | null {
  if (value === undefined) return null;
  if (Array.isArray(value))
    return value.map((part: unknown) => (isRecord(part) ? String(part['id']) : String(part))).join(',');
  if (!isRecord(value)) return String(value as string | number | boolean);
  return Object.entries(value)
    .map(([name, part]) => `${name}=${String(part)}`)
    .join(',');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(text: string | null): string | null {
  if (text === null) return null;
  const safe = text.includes('://') ? withoutCredentials(text) : text;
  return safe.length <= MOST_CHARACTERS ? safe : `${safe.slice(0, MOST_CHARACTERS - 1)}…`;
}

/** What is not a URL, and a path with an @, may be a password with a slash in it. */
function withoutCredentials(text: string): string {
  if (!URL.canParse(text)) return '…';
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname.includes('@') ? '/…' : pathname === '/' ? '' : pathname}`;
}
