import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SettingsError, parseSettings } from '#config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { applyFile, weatherApi, weatherProduct } from '../../support/weather-catalog.js';
import { PASSWORD, RunningApi, anAddress } from './running-api.js';

const NAME = 'Sky & Co Developers';
const HTML_NAME = 'Sky &#38; Co Developers';
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

describe('a portal with a name and a look of its own', () => {
  let folder: string;
  let database: TestDatabase;
  let api: RunningApi;

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-brand-'));
    fs.writeFileSync(path.join(folder, 'logo.svg'), SVG);
    database = await createTestDatabase();
    api = await RunningApi.start(database, {
      PORTAL_NAME: NAME,
      PORTAL_TAGLINE: 'Weather for <every> roof.',
      PORTAL_ACCENT: '#6D28D9',
      PORTAL_LOGO: path.join(folder, 'logo.svg'),
      SUPPORT_URL: 'mailto:help@sky.example',
      TERMS_URL: 'https://sky.example/terms',
      TERMS_VERSION: '1',
      PRIVACY_URL: 'https://sky.example/privacy?a=1&b=2',
      LEGAL_NOTICE_URL: 'https://sky.example/legal',
    });
    const plan = { slug: 'free', title: 'Free', currency: 'USD', prices: [] };
    await applyFile(database, { apis: [weatherApi({ v1: {} })], products: [weatherProduct({ plans: [plan] })] });
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
    fs.rmSync(folder, { recursive: true });
  });

  const textOf = async (address: string) => (await api.call(address)).text;

  it('is called so on every kind of page, in the feed, and for language models', async () => {
    const home = await textOf('/');
    expect(home).toContain(`<title>${HTML_NAME}</title>`);
    expect(home).toContain(`<h1>Start building with ${HTML_NAME}.</h1>`);
    expect(home).toContain('<p>Weather for &#60;every&#62; roof.</p>');
    expect(home).toContain(`"name":"Sky \\u0026 Co Developers"`);
    const docs = await textOf('/docs/weather/v1');
    expect(docs).toContain(` · ${HTML_NAME}</title>`);
    expect(docs).toContain(`<span>${HTML_NAME}</span>`);
    expect(await textOf('/docs/tollgate/v1')).toContain(`<title>${HTML_NAME} API v1 · ${HTML_NAME}</title>`);
    expect(await textOf('/feed.atom')).toContain(`<title>${HTML_NAME}: API versions</title>`);
    expect(await textOf('/llms.txt')).toMatch(/^# Sky & Co Developers\n/);
    for (const page of [home, docs, await textOf('/feed.atom'), await textOf('/llms.txt')])
      expect(page).not.toMatch(/\bTollgate\b(?!-)/);
  });

  it('says so to the application, with the pages of whoever runs it', async () => {
    expect((await api.call('/api/v1/settings')).body).toMatchObject({
      portalName: NAME,
      tagline: 'Weather for <every> roof.',
      supportUrl: 'mailto:help@sky.example',
      terms: { url: 'https://sky.example/terms' },
      privacyUrl: 'https://sky.example/privacy?a=1&b=2',
      legalNoticeUrl: 'https://sky.example/legal',
    });
    for (const address of ['/', '/docs/weather/v1'])
      expect(await textOf(address)).toContain(
        '<a href="mailto:help@sky.example">Support</a><a href="https://sky.example/terms">Terms</a>' +
          '<a href="https://sky.example/privacy?a=1&#38;b=2">Privacy</a><a href="https://sky.example/legal">Legal notice</a>',
      );
  });

  it('is called so in mails', async () => {
    const body = {
      name: 'Ada',
      email: 'ada@acme.test',
      password: PASSWORD,
      organizationName: 'Acme',
      acceptedTerms: '1',
    };
    const { status } = await api.call('/api/v1/sign-up', { body, headers: { 'x-forwarded-for': anAddress() } });
    expect(status).toBe(202);
    await api.mailedLink('ada@acme.test', 'verify-email');
    const [mail] = api.mails.filter(({ to }) => to === 'ada@acme.test');
    expect(mail?.subject).toBe(`Confirm your e-mail address for ${NAME}`);
    expect(mail?.text).not.toContain('Tollgate');
  });

  it('has its colours and its logo on every page, and nothing in the logo can run', async () => {
    for (const address of ['/', '/docs/weather/v1']) {
      const page = await textOf(address);
      expect(page).toContain('<img src="/brand/logo" alt=""');
    }
    expect(await textOf('/docs/weather/v1')).toContain('<link rel="stylesheet" href="/brand/theme.css">');
    const theme = await api.call('/brand/theme.css');
    expect(theme.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(theme.text).toContain('--tg-accent: #6d28d9;');
    const logo = await api.call('/brand/logo');
    expect([logo.text, logo.headers.get('content-type')]).toEqual([SVG, 'image/svg+xml']);
    expect(logo.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
    );
    expect(logo.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('settings of the look', () => {
  const faultsOf = (environment: Readonly<Record<string, string>>) => {
    try {
      parseSettings('api', environment);
      return '';
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      return error.message;
    }
  };

  it.each([
    ['PORTAL_ACCENT', 'rebeccapurple', 'expected a colour as #rrggbb, such as #17697e'],
    ['PORTAL_ACCENT', '#fff', 'expected a colour as #rrggbb'],
    ['PORTAL_NAME', 'Sky\nBcc: all', 'expected one line without control characters'],
    ['PORTAL_NAME', 'x'.repeat(61), 'PORTAL_NAME'],
    ['SUPPORT_URL', 'javascript:alert(1)', 'expected a URL that begins with https:// or http://, or mailto:'],
    ['SUPPORT_URL', 'mailto:nobody', 'or mailto: and an address'],
    ['PRIVACY_URL', 'mailto:a@b.example', 'expected a URL that begins with http:// or https://'],
  ])('%s=%s is refused with what is expected', (name, value, words) => {
    const line = faultsOf({ [name]: value })
      .split('\n')
      .find((fault) => fault.includes(`${name}:`));
    expect(line).toContain(words);
  });
});
