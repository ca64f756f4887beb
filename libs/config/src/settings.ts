import type { z } from 'zod';
import { APP_VARIABLES, type AppName } from './app-variables.js';
import { OWN_SETTINGS, SECRET_SETTINGS, SETTING_GROUPS } from './setting-groups.js';
import { type VariableName, variables } from './variables.js';

export type { AppName, VariableName };

type Parsed<Name extends VariableName> = z.output<(typeof variables)[Name]>;

/** The settings of one app, frozen. Names are those of the environment variables. */
export type Settings<App extends AppName> = { readonly [Name in (typeof APP_VARIABLES)[App][number]]: Parsed<Name> };

/** All faults of a process's settings at once. */
export class SettingsError extends Error {
  constructor(app: string, faults: readonly string[]) {
    super(`The settings of ${app} need attention:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/**
 * Parses the settings of `app` from environment variables; empty ones count as unset.
 * Throws a SettingsError that names every fault; values are not repeated in it, as they may be secrets.
 */
export function parseSettings<App extends AppName>(
  app: App,
  environment: Readonly<Record<string, string | undefined>>,
): Settings<App> {
  const faults: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const name of APP_VARIABLES[app]) {
    const schema: z.ZodType = variables[name];
    const result = schema.safeParse(environment[name] || undefined);
    if (result.success) settings[name] = result.data;
    else
      faults.push(
        `${name}: ${environment[name] ? result.error.issues[0]?.message : 'is not set'} (${schema.description ?? 'see .env.example'})`,
      );
  }
  if (settings['TIME_MACHINE'] === true && 'STRIPE_SECRET_KEY' in settings && !settings['STRIPE_API_BASE']) {
    faults.push('TIME_MACHINE: only with the payment sandbox (STRIPE_API_BASE), as Stripe’s clock cannot be moved');
  }
  if (asksFromElsewhere(settings) && !settings['DECISION_SECRET'] && settings['DECISION_ALLOW_OPEN'] !== true) {
    faults.push('DECISION_SECRET: needed where DECISION_HOST is not this machine alone (or DECISION_ALLOW_OPEN=true)');
  }
  const { DECISION_PORT: http, DECISION_GRPC_PORT: grpc, DECISION_SYSLOG_PORT: syslog } = settings;
  if (syslog !== undefined && http === undefined && grpc === undefined) {
    faults.push('DECISION_SYSLOG_PORT: needs DECISION_PORT or DECISION_GRPC_PORT, where calls are asked about');
  }
  if (settings['OIDC_ISSUER'] && !(settings['OIDC_CLIENT_ID'] && settings['OIDC_CLIENT_SECRET'])) {
    faults.push('OIDC_ISSUER: needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET too');
  }
  if ((settings['TERMS_URL'] === undefined) !== (settings['TERMS_VERSION'] === undefined)) {
    faults.push('TERMS_URL and TERMS_VERSION: set both, or neither');
  }
  if (faults.length > 0) throw new SettingsError(app, faults);
  return Object.freeze(settings) as Settings<App>;
}

/** Other proxies ask and report from other machines. */
function asksFromElsewhere(settings: Readonly<Record<string, unknown>>): boolean {
  if (settings['DECISION_PORT'] === undefined && settings['DECISION_GRPC_PORT'] === undefined) return false;
  return !/^(127\.[\d.]+|::1|localhost)$/.test(String(settings['DECISION_HOST']));
}

/** The settings of `app` from this process's environment; see `parseSettings`. */
export function loadSettings<App extends AppName>(app: App): Settings<App> {
  return parseSettings(app, process.env);
}

/** The environment for a child process: this process's, with some settings of its own. */
export function childEnvironment(settings: Readonly<Partial<Record<VariableName, string>>>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings };
}

/** What there is to know of a setting, whoever reads it. */
export interface DescribedVariable {
  readonly name: VariableName;
  readonly group: string;
  readonly description: string;
  readonly apps: readonly AppName[];
  readonly isSecret: boolean;
  /** Each process has one of its own, so that it says nothing when two of a kind differ in it. */
  readonly isOwn: boolean;
}

/** Every variable by group, in their order; for `.env.example`, operators and the checks of deployment files. */
export function describeVariables(): readonly DescribedVariable[] {
  return Object.entries<readonly VariableName[]>(SETTING_GROUPS).flatMap(([group, names]) =>
    names.map((name) => ({
      name,
      group,
      description: (variables[name] as z.ZodType).description ?? '',
      apps: (Object.keys(APP_VARIABLES) as AppName[]).filter((app) =>
        (APP_VARIABLES[app] as readonly string[]).includes(name),
      ),
      isSecret: SECRET_SETTINGS.has(name),
      isOwn: OWN_SETTINGS.has(name),
    })),
  );
}

/** Begins the names of environment variables that give values to the variables of a catalogue file. */
const CATALOG_VARIABLE = 'TOLLGATE_VAR_';

/** What this process's environment gives to the variables of catalogue files, by their name: `TOLLGATE_VAR_name=value`. */
export function catalogVariables(): ReadonlyMap<string, string> {
  const given = Object.entries(process.env).filter(
    ([name, value]) => name.startsWith(CATALOG_VARIABLE) && value !== undefined,
  );
  return new Map(given.map(([name, value]) => [name.slice(CATALOG_VARIABLE.length), value!]));
}
