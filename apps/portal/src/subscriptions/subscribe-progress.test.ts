import { expect, it } from 'vitest';
import { missingWords, nextAction, returnPathOf } from './subscribe-progress.js';

const paid = { isFree: false, hasCard: false, cameFromCardPage: false, waitedTooLong: false };

it('asks for a card only where the plan costs money', () => {
  expect(nextAction({ ...paid, isFree: true })).toBe('subscribe');
  expect(nextAction({ ...paid, hasCard: true })).toBe('subscribe');
  expect(nextAction({ ...paid, isTrial: true })).toBe('subscribe');
  expect(nextAction(paid)).toBe('add_card');
});

it('looks at a code before it asks for a card', () => {
  expect(nextAction({ ...paid, hasNewCode: true })).toBe('apply_code');
  expect(nextAction({ ...paid, cameFromCardPage: true, hasNewCode: true })).toBe('apply_code');
  expect(nextAction({ ...paid, hasCard: true, hasNewCode: true })).toBe('subscribe');
});

it('waits for a card that was just given, but not for ever', () => {
  const back = { ...paid, cameFromCardPage: true };
  expect(nextAction(back)).toBe('wait_for_card');
  expect(nextAction({ ...back, waitedTooLong: true })).toBe('add_card');
  expect(nextAction({ ...back, hasCard: true, waitedTooLong: true })).toBe('subscribe');
});

it('leads nobody to the card page whose role may not save a card', () => {
  expect(nextAction({ ...paid, maySaveCard: false })).toBe('ask_for_card');
  expect(nextAction({ ...paid, hasCard: true, maySaveCard: false })).toBe('subscribe');
  expect(nextAction({ ...paid, isTrial: true, maySaveCard: false })).toBe('subscribe');
  expect(nextAction({ ...paid, hasNewCode: true, maySaveCard: false })).toBe('apply_code');
});

it('comes back with all that was chosen', () => {
  expect(returnPathOf('v1', null, null)).toBe('/dashboard/subscribe?plan=v1&card=added');
  expect(returnPathOf('v1', 'a1', null)).toBe('/dashboard/subscribe?plan=v1&application=a1&card=added');
  expect(returnPathOf('v1', 'a1', 'A&B')).toBe('/dashboard/subscribe?plan=v1&application=a1&card=added&code=A%26B');
});

it('says what is missing before the button does anything', () => {
  expect(missingWords({ isNameless: false, isUnaccepted: false })).toBeNull();
  expect(missingWords({ isNameless: true, isUnaccepted: false })).toBe('Name the application first.');
  expect(missingWords({ isNameless: false, isUnaccepted: true })).toBe('Accept the terms first.');
  expect(missingWords({ isNameless: true, isUnaccepted: true })).toBe(
    'Name the application and accept the terms first.',
  );
});
