import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { APP_VARIABLES, type AppName } from './app-variables.js';
import { effectiveSettings } from './effective-settings.js';
import { OWN_SETTINGS, SECRET_SETTINGS, SETTING_GROUPS } from './setting-groups.js';
import { describeVariables, parseSettings } from './settings.js';
import { variables } from './variables.js';

/** In no value that anybody may see. */
const CANARY = 'canary4242424242canary4242424242';
const names = Object.keys(variables) as (keyof typeof variables)[];

/** What only looks like a secret by its name or its words, and why it is none. */
const NO_SECRETS: Readonly<Record<string, string>> = {
  LEAK_POLICY: 'one of two words',
  LEAK_REPORT_KEYS: 'public keys, of which the ids are shown',
  LEAK_REPORT_KEYS_URL: 'where public keys are',
  STRIPE_ALLOW_LIVE: 'true or false',
  ISSUER_ALLOW_PRIVATE: 'true or false',
  MCP_RATE_LIMIT: 'a number',
  GATEWAY_TLS_DIR: 'a folder',
  DECISION_ALLOW_OPEN: 'true or false',
};

/** Settings that take any text and may be shown, and why; every other one that does is a secret. */
const PLAIN_TEXTS: Readonly<Record<string, string>> = {
  MAIL_FROM: 'stands in every mail',
  PORTAL_NAME: 'on every page',
  PORTAL_TAGLINE: 'on the home page',
  PORTAL_LOGO: 'a file',
  OIDC_CLIENT_ID: 'in the address of everybody who signs in',
  OIDC_LABEL: 'on the sign-in page',
  TERMS_VERSION: 'on the page of the terms',
  HOST: 'an address',
  DECISION_HOST: 'an address',
  TRUSTED_PROXIES: 'ranges of addresses',
  GATEWAY_ID: 'on the page of operators',
  GATEWAY_TLS_DIR: 'a folder',
  JOURNAL_DIR: 'a folder',
  UPSTREAM_TARGETS_DIR: 'a folder',
  USAGE_ARCHIVE_DIR: 'a folder',
  FAULT: 'the name of a fault',
};

describe('what a process says of its settings', () => {
  it('has no secret, and no user or password of a URL, whatever the app', () => {
    const key = `1:${Buffer.from(CANARY).toString('base64')}`;
    const url = (scheme: string) =>
      `${scheme}://user-${CANARY}:${CANARY}@host.test:99/place?password=${CANARY}#${CANARY}`;
    const samples = [
      `sk_test_${CANARY}`,
      `tgp_${CANARY}`,
      key,
      ...['postgres', 'redis', 'smtp', 'https'].map(url),
      CANARY,
    ];
    for (const app of Object.keys(APP_VARIABLES) as AppName[]) {
      const environment = Object.fromEntries(
        APP_VARIABLES[app].flatMap((name) => {
          // Texts that may be shown anyway would only show the canary.
          const usable = name in PLAIN_TEXTS ? [] : samples;
          const sample = usable.find((text) => (variables[name] as z.ZodType).safeParse(text).success);
          return sample === undefined ? [] : [[name, sample]];
        }),
      );
      const given: Record<string, string> = {
        ...environment,
        TERMS_URL: 'https://terms.test',
        TERMS_VERSION: '1',
        OIDC_CLIENT_ID: 'tollgate',
      };
      if ((APP_VARIABLES[app] as readonly string[]).includes('JOURNAL_DIR')) given['JOURNAL_DIR'] = '/journal';
      const said = effectiveSettings(app, parseSettings(app, given));
      expect(JSON.stringify(said)).not.toContain(CANARY);
      expect(JSON.stringify(said)).not.toContain(Buffer.from(CANARY).toString('base64').slice(0, 12));
      const secrets = said.filter(({ name }) => SECRET_SETTINGS.has(name));
      expect(secrets.every(({ value, isSet }) => value === null && isSet)).toBe(true);
    }
  });

  it('knows every setting that looks like a secret, by its name or what it is for', () => {
    const looksSecret = names.filter((name) => {
      const words = `${name} ${(variables[name] as z.ZodType).description}`;
      const hasUrl = /_URL$|_BASE$|_ISSUER$|_ENDPOINT$/.test(name);
      return (
        !hasUrl &&
        /secret|token|password|passphrase|pepper|credential|private_key|\bkeys?\b|_KEYS?\b|signs/i.test(words)
      );
    });
    expect(looksSecret.filter((name) => !SECRET_SETTINGS.has(name) && !(name in NO_SECRETS))).toEqual([]);
  });

  it('has no setting that takes any text, and is neither a secret nor known to be plain', () => {
    const takesAnyText = names.filter((name) =>
      [CANARY, randomBytes(12).toString('hex')].every((text) => (variables[name] as z.ZodType).safeParse(text).success),
    );
    expect(takesAnyText.filter((name) => !SECRET_SETTINGS.has(name) && !(name in PLAIN_TEXTS))).toEqual([]);
  });

  it('hides what is behind a slash in a password, and the query', () => {
    const shown = (SMTP_URL: string) =>
      effectiveSettings('worker', { SMTP_URL } as never).find(({ name }) => name === 'SMTP_URL')!.value;
    expect(shown('smtp://mail.test:587')).toBe('smtp://mail.test:587');
    expect(shown('smtps://me:hidden@mail.test/in?pass=hidden')).toBe('smtps://mail.test/in');
    expect(shown('smtp://me:12/hidden@mail.test')).toBe('smtp://me:12/…');
    expect(shown('smtp://me:hid/den@mail.test')).toBe('…');
  });

  it('says what is the default, also where somebody set it, and what has no value', () => {
    const settings = parseSettings('gateway', {
      DATABASE_URL: 'postgres://app:hidden@db.test/tollgate',
      KEY_PEPPERS: `1:${Buffer.alloc(32).toString('base64')}`,
      ENCRYPTION_KEYS: `1:${Buffer.alloc(32).toString('base64')}`,
      JOURNAL_DIR: '/journal',
      PORTAL_URL: 'https://portal.test/',
      RATE_STORE_TIMEOUT_MS: '250',
      CLIENT_MIN_BODY_RATE: '0',
      TRUSTED_PROXIES: '10.0.0.0/8, 192.168.0.0/16',
    });
    const said = new Map(effectiveSettings('gateway', settings).map(({ name, ...rest }) => [name, rest]));
    expect(said.get('DATABASE_URL')).toEqual({ value: 'postgres://db.test/tollgate', isSet: true, isDefault: false });
    expect(said.get('KEY_PEPPERS')).toEqual({ value: null, isSet: true, isDefault: false });
    expect(said.get('DECISION_SECRET')).toEqual({ value: null, isSet: false, isDefault: true });
    expect(said.get('RATE_STORE_TIMEOUT_MS')).toEqual({ value: '250', isSet: true, isDefault: true });
    expect(said.get('CLIENT_MIN_BODY_RATE')).toEqual({ value: '0', isSet: true, isDefault: false });
    expect(said.get('REDIS_URL')).toEqual({ value: null, isSet: false, isDefault: true });
    expect(said.get('TRUSTED_PROXIES')!.value).toBe('10.0.0.0/8,192.168.0.0/16');
    expect(said.get('PORTAL_URL')!.value).toBe('https://portal.test');
  });
});

describe('the groups of settings', () => {
  it('have every setting once, and each has words', () => {
    expect(Object.values(SETTING_GROUPS).flat().toSorted()).toEqual(names.toSorted());
    expect(describeVariables().filter(({ description }) => description === '')).toEqual([]);
    expect([...SECRET_SETTINGS, ...OWN_SETTINGS].filter((name) => !(name in variables))).toEqual([]);
  });
});
