import { expect, it } from 'vitest';
import { idempotencyKeyIn } from './idempotency-key.js';

it.each([
  ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
  ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
  [' "a b" ', 'a b'],
  [String.raw`"say \"hi\""`, 'say "hi"'],
  ['x'.repeat(255), 'x'.repeat(255)],
])('reads %s', (field, key) => {
  expect(idempotencyKeyIn(field)).toBe(key);
});

it.each(['', '""', 'a b', '"a', 'a"', 'ä', 'a, b', 'x'.repeat(256), ['a', 'b']])('refuses %j', (field) => {
  expect(() => idempotencyKeyIn(field)).toThrow(expect.objectContaining({ code: 'idempotency_key_malformed' }));
});

it('asks for nothing where there is none', () => {
  expect(idempotencyKeyIn(undefined)).toBeNull();
});
