import { expect, it } from 'vitest';
import { signInSearch } from './guards.js';

it('remembers where someone wanted to go', () => {
  expect(signInSearch('/dashboard/usage?range=7d')).toEqual({ redirect: '/dashboard/usage?range=7d' });
});

it('hands the error of a mail link to the sign-in page', () => {
  expect(signInSearch('/dashboard?error=TOKEN_EXPIRED')).toEqual({ redirect: '/dashboard', error: 'TOKEN_EXPIRED' });
});
