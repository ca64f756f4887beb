import { expect, it } from 'vitest';
import { translated } from './authentication.js';
import { problemFrom } from './problem.js';

it('words the refusals of the session library for people', () => {
  const unverified = translated(problemFrom(403, { code: 'EMAIL_NOT_VERIFIED', message: 'Email not verified' }));
  expect(unverified).toMatchObject({ status: 403, code: 'email_not_verified' });
  expect(unverified.message).toMatch(/open the link/);
  expect(translated(problemFrom(400, { code: 'TOKEN_EXPIRED' })).code).toBe('link_expired');
});

it('leaves other refusals as they are', () => {
  const problem = problemFrom(429, { code: 'too_many_requests', detail: 'Wait.' });
  expect(translated(problem)).toBe(problem);
});
