import { expect, it } from 'vitest';
import { aSession } from './a-session.js';
import { isPersonalPage, sessionAfter } from './session-end.js';

const visitor = aSession({ user: null });
const ada = aSession();

it('keeps the person of a session that ended under an open page, until somebody signs in', () => {
  const open = sessionAfter(undefined, ada);
  expect(open).toEqual({ ...ada, hasEnded: false });
  const ended = sessionAfter(open, visitor);
  expect(ended).toEqual({ ...ada, hasEnded: true });
  expect(sessionAfter(ended, visitor)).toEqual(ended);
  expect(sessionAfter(ended, ada)).toEqual(open);
});

it('knows nobody on a page that a visitor has opened', () => {
  expect(sessionAfter(undefined, visitor)).toEqual({ ...visitor, hasEnded: false });
});

it('tells personal pages from those that anybody may see', () => {
  const personal = ['/dashboard', '/settings/data', '/finance/reports', '/publisher/coupons', '/operator/users'];
  expect(personal.filter((page) => !isPersonalPage(page))).toEqual([]);
  expect(['/', '/sign-in', '/invitation', '/docs', '/finances', '/status'].filter(isPersonalPage)).toEqual([]);
});
