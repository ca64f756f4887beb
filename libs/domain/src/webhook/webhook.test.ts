import { createHmac, randomFillSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { WEBHOOK_EVENTS, writeWebhookBody } from './webhook-event.js';
import { WEBHOOK_ATTEMPTS, WEBHOOK_RETRY_DELAYS_MS, webhookRetryDelayMs } from './webhook-retry.js';
import { generateWebhookSecret, signWebhook } from './webhook-signature.js';
import { parseWebhookUrl } from './webhook-url.js';

describe('the signature of a message', () => {
  // The vector that the libraries of Standard Webhooks are tested with.
  const published = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    sentAt: new Date(1_614_265_330_000),
    body: '{"test": 2432232314}',
  };
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

  it('is the one that Standard Webhooks publishes for its example', () => {
    expect(signWebhook(published, [secret])).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is there once for each secret, and depends on id, time and body', () => {
    const other = generateWebhookSecret(randomFillSync);
    const both = signWebhook(published, [other, secret])['webhook-signature'].split(' ');
    expect(both).toHaveLength(2);
    expect(both[1]).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
    const signed = [
      published,
      { ...published, id: 'msg_2' },
      { ...published, sentAt: new Date(1_614_265_331_000) },
      { ...published, body: '{"test": 2432232315}' },
    ].map((content) => signWebhook(content, [other])['webhook-signature']);
    expect(new Set(signed).size).toBe(4);
    expect(both[0]).toBe(signed[0]);
  });

  it('has a secret of 32 random bytes, of which those bytes are the key', () => {
    const made = generateWebhookSecret(randomFillSync);
    expect(made).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(generateWebhookSecret(randomFillSync)).not.toBe(made);
    const key = Buffer.from(made.slice('whsec_'.length), 'base64');
    expect(key).toHaveLength(32);
    const expected = createHmac('sha256', key).update('a.1.b').digest('base64');
    const content = { id: 'a', sentAt: new Date(1_999), body: 'b' };
    expect(signWebhook(content, [made])['webhook-signature']).toBe(`v1,${expected}`);
  });
});

describe('the schedule of tries', () => {
  it('has ten, ever further apart, within about three days', () => {
    expect(WEBHOOK_ATTEMPTS).toBe(10);
    expect(WEBHOOK_RETRY_DELAYS_MS).toEqual([...WEBHOOK_RETRY_DELAYS_MS].sort((a, b) => a - b));
    const hours = WEBHOOK_RETRY_DELAYS_MS.reduce((sum, delay) => sum + delay, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(72);
    expect(hours * 1.1).toBeLessThan(84);
  });

  it('adds up to a tenth by chance, and ends', () => {
    expect(webhookRetryDelayMs(1, 0)).toBe(5_000);
    expect(webhookRetryDelayMs(1, 0.999)).toBe(5_500);
    expect(webhookRetryDelayMs(9, 0.5)).toBe(24 * 3_600_000 * 1.05);
    expect(webhookRetryDelayMs(10, 0)).toBe(null);
  });
});

describe('the URL of an endpoint', () => {
  it.each([
    ['https://hooks.example.com/tollgate?team=1', 'https://hooks.example.com/tollgate?team=1'],
    ['https://HOOKS.example.com:8443', 'https://hooks.example.com:8443/'],
    ['https://203.0.114.9/x', 'https://203.0.114.9/x'],
  ])('may be %s', (text, url) => {
    expect(parseWebhookUrl(text, false)).toBe(url);
  });

  it.each([
    ['hooks.example.com', /absolute https URL/],
    ['ftp://hooks.example.com', /absolute https URL/],
    [`https://hooks.example.com/${'x'.repeat(2_048)}`, /2048 characters/],
    ['http://hooks.example.com', /use https/],
    ['http://127.0.0.1:3000', /use https/],
    ['https://user:pass@hooks.example.com', /user name and password/],
    ['https://hooks.example.com/#here', /what follows the #/],
    ['https://localhost/x', /no address on the internet/],
    ['https://api.localhost/x', /no address on the internet/],
    ['https://127.0.0.1/x', /no address on the internet/],
    ['https://2130706433/x', /no address on the internet/],
    ['https://[::1]/x', /no address on the internet/],
    ['https://[::ffff:10.0.0.1]/x', /no address on the internet/],
    ['https://10.1.2.3/x', /no address on the internet/],
    ['https://169.254.169.254/latest', /no address on the internet/],
  ])('may not be %s', (text, message) => {
    expect(() => parseWebhookUrl(text, false)).toThrow(message);
  });

  it('may be on this machine without TLS where private addresses are allowed, but never a metadata service', () => {
    expect(parseWebhookUrl('http://127.0.0.1:3000/x', true)).toBe('http://127.0.0.1:3000/x');
    expect(parseWebhookUrl('http://localhost:3000/x', true)).toBe('http://localhost:3000/x');
    expect(parseWebhookUrl('https://10.1.2.3/x', true)).toBe('https://10.1.2.3/x');
    expect(() => parseWebhookUrl('http://10.1.2.3/x', true)).toThrow(/use https/);
    expect(() => parseWebhookUrl('http://hooks.example.com', true)).toThrow(/use https/);
    expect(() => parseWebhookUrl('https://169.254.169.254/x', true)).toThrow(/no address on the internet/);
  });
});

describe('the body of a message', () => {
  it('says what happened, when, and to what', () => {
    const event = { organizationId: 'o-1', type: 'key.revoked', data: { credentialId: 'c-1', keyId: 'k' } };
    expect(JSON.parse(writeWebhookBody(event, new Date('2026-11-26T12:00:00Z')))).toEqual({
      type: 'key.revoked',
      version: 1,
      timestamp: '2026-11-26T12:00:00.000Z',
      data: { organizationId: 'o-1', credentialId: 'c-1', keyId: 'k' },
    });
  });

  it('is small, whatever its type', () => {
    for (const [type, { example }] of Object.entries(WEBHOOK_EVENTS))
      expect(writeWebhookBody({ organizationId: 'o-1', type, data: example }, new Date(0)).length).toBeLessThan(600);
  });
});
