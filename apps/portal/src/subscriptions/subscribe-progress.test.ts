import { expect, it } from 'vitest';
import { nextAction, returnPathOf } from './subscribe-progress.js';

const free = true;
const paid = false;

it('asks for a card only where the plan costs money', () => {
  expect(nextAction(free, false, false, false)).toBe('subscribe');
  expect(nextAction(paid, true, false, false)).toBe('subscribe');
  expect(nextAction(paid, false, false, false)).toBe('add_card');
});

it('waits for a card that was just given, but not for ever', () => {
  expect(nextAction(paid, false, true, false)).toBe('wait_for_card');
  expect(nextAction(paid, false, true, true)).toBe('add_card');
  expect(nextAction(paid, true, true, true)).toBe('subscribe');
});

it('comes back with all that was chosen', () => {
  expect(returnPathOf('v1', 'a1', null)).toBe('/dashboard/subscribe?plan=v1&application=a1&card=added');
  expect(returnPathOf('v1', 'a1', 'A&B')).toBe('/dashboard/subscribe?plan=v1&application=a1&card=added&code=A%26B');
});
