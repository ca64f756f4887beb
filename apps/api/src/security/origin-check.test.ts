import { describe, expect, it } from 'vitest';
import { checkOrigin } from './origin-check.js';
import { trustedOrigins } from './trusted-origins.js';

const trusted = trustedOrigins('https://portal.example');
const request = (method: string, headers: Record<string, string>, url = '/api/v1/sign-up') => ({
  method,
  url,
  headers,
});

describe('checkOrigin', () => {
  it.each([
    ['a read from anywhere', request('GET', { origin: 'https://evil.example', cookie: 'a=b' })],
    ['a change from the portal', request('POST', { origin: 'https://portal.example', cookie: 'a=b' })],
    ['a change by a program without a session', request('POST', {})],
    ['the payment provider', request('POST', { cookie: 'a=b' }, '/api/webhooks/stripe')],
  ])('lets %s pass', (_who, allowed) => {
    expect(() => checkOrigin(allowed, trusted)).not.toThrow();
  });

  it.each([
    ['another site', request('POST', { origin: 'https://evil.example' })],
    ['a look-alike', request('DELETE', { origin: 'https://portal.example.evil.example' })],
    ['the portal without TLS', request('POST', { origin: 'http://portal.example', cookie: 'a=b' })],
    ['a page that hides where it is from', request('POST', { origin: 'null', cookie: 'a=b' })],
    ['a session without an origin', request('PATCH', { cookie: 'a=b' })],
  ])('refuses a change from %s', (_who, refused) => {
    expect(() => checkOrigin(refused, trusted)).toThrow('https://portal.example');
  });
});

describe('trustedOrigins', () => {
  it('are all names of this machine for a portal that runs on it, with the same port only', () => {
    expect(trustedOrigins('http://localhost:4000')).toEqual([
      'http://localhost:4000',
      'http://127.0.0.1:4000',
      'http://[::1]:4000',
    ]);
  });
});
