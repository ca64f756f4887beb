import { expect, it } from 'vitest';
import { requestIdIn } from './request-id.js';

it('finds the id in what was pasted', () => {
  const id = '0190f1a2-3b4c-7d5e-8f60-718293a4b5c6';
  expect(requestIdIn(` ${id} `)).toBe(id);
  expect(requestIdIn(`tollgate-request-id: ${id.toUpperCase()}`)).toBe(id);
  expect(requestIdIn('0190f1a2')).toBeNull();
});
