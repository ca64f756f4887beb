import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.js';

function logged(fields: object, message = 'something'): string {
  let output = '';
  const destination = { write: (line: string) => void (output += line) };
  createLogger({ name: 'test', level: 'info', destination }).info(fields, message);
  return output;
}

describe('createLogger', () => {
  it('masks secret fields at any depth that requests have', () => {
    const line = logged({
      cookie: 'session=c1',
      request: { headers: { cookie: 'session=c2', authorization: 'Bearer c3', 'x-api-key': 'c4', 'set-cookie': 'c5' } },
      body: { password: 'c6' },
    });
    expect(line).not.toMatch(/c[1-6]/);
    expect(line).toContain('[secret]');
  });

  it('cuts API keys down to their public part, in messages, fields and errors', () => {
    const key = 'tg_live_AbCdEf123456_0123456789abcdefghijklmnopqrstuv_000000';
    const line = logged({ err: new Error(`refused ${key}`), url: `/x?api_key=${key}` }, `got ${key}`);
    expect(line).not.toContain('0123456789abcdef');
    expect(line).toContain('tg_live_AbCdEf123456_[secret]');
  });

  it('writes errors whatever they carry', () => {
    const cause = new URLSearchParams({ error: 'access_denied' });
    const nested = new Error('inner', { cause: new Error('innermost') });
    const err = Object.assign(new Error('refused'), { cause, nested, headers: new Headers({ a: 'b' }), code: 'x' });
    expect(JSON.parse(logged({ err }))).toMatchObject({
      err: { message: 'refused', cause: 'error=access_denied', code: 'x', nested: { message: 'inner: innermost' } },
    });
  });
});
