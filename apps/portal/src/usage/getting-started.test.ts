import { expect, it } from 'vitest';
import type { Application, UsageRequest } from '../api/types.js';
import { gettingStarted } from './getting-started.js';

const application = (changes: Partial<Application> = {}): Application => ({
  id: 'a',
  name: 'Shop',
  createdAt: '2026-11-22T10:00:00Z',
  suspendedAt: null,
  credentialCount: 0,
  subscriptions: [],
  ...changes,
});

const request = (status: number, requestId: string) => ({ status, requestId }) as UsageRequest;

const currentOf = (...args: Parameters<typeof gettingStarted>) =>
  gettingStarted(...args).steps.find(({ current }) => current)?.name ?? null;

it('leads from an application over a plan and a key to the first success', () => {
  const plan = { slug: 'free', title: 'Free' };
  const subscriptions = [{ id: 's', product: { slug: 'p', title: 'P' }, plan, state: 'active' as const }];
  expect(currentOf([], [], false)).toBe('application');
  expect(currentOf([application()], [], false)).toBe('plan');
  expect(currentOf([application({ subscriptions })], [], false)).toBe('key');
  expect(currentOf([application({ subscriptions, credentialCount: 1 })], [], false)).toBe('call');
});

it('does not count an error as the first call', () => {
  expect(gettingStarted([application()], [request(401, 'x'), request(500, 'y')], false).complete).toBe(false);
});

it('is complete with the first success, and shows the earliest one it knows', () => {
  const state = gettingStarted(
    [application()],
    [request(200, 'later'), request(404, 'x'), request(201, 'first')],
    false,
  );
  expect(state).toMatchObject({ complete: true, doneCount: 4 });
  expect(state.firstSuccess?.requestId).toBe('first');
});

it('stays complete when the success is older than the requests at hand', () => {
  expect(gettingStarted([], [request(500, 'x')], true).complete).toBe(true);
});
