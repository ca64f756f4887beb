import { describe, expect, it } from 'vitest';
import { issueTicket, requireTicket } from './export-ticket.js';

const ada = { userId: 'ada', organizationId: null };
const now = Date.parse('2026-11-22T12:00:00Z');

describe('a ticket for an export', () => {
  const { ticket, expiresAt } = issueTicket('secret', ada, now);

  it('is good for ten minutes', () => {
    expect(expiresAt).toEqual(new Date('2026-11-22T12:10:00Z'));
    requireTicket('secret', ada, ticket, now + 599_999);
    expect(() => requireTicket('secret', ada, ticket, now + 600_000)).toThrow(/lapsed/);
  });

  it.each([
    ['another person', { userId: 'bob', organizationId: null }, ticket],
    ['an organization', { userId: 'ada', organizationId: 'ada' }, ticket],
    ['a later end', ada, ticket.replace(/^\d+/, String(now + 999_999_999))],
    ['no seal', ada, ticket.split('.')[0]!],
    ['nothing', ada, ''],
  ])('is refused for %s', (_what, subject, given) => {
    expect(() => requireTicket('secret', subject, given, now)).toThrow(/lapsed/);
  });
});
