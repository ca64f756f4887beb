import { expect, it } from 'vitest';
import { ServerClock } from './server-clock.js';

it('goes by the device until the server says otherwise, and then by the server', () => {
  let monotonic = 1000;
  const clock = new ServerClock(() => monotonic, Date.parse('2026-11-22T10:00:00Z'));
  monotonic += 500;
  expect(clock.now().toISOString()).toBe('2026-11-22T10:00:00.500Z');

  clock.set('2026-12-08T00:00:00Z');
  expect(clock.now().toISOString()).toBe('2026-12-08T00:00:00.000Z');
  monotonic += 2000;
  expect(clock.now().toISOString()).toBe('2026-12-08T00:00:02.000Z');
});

it('tells its listeners of each reading until they leave', () => {
  const clock = new ServerClock(() => 0, 0);
  let readings = 0;
  const leave = clock.subscribe(() => (readings += 1));
  clock.set('2026-12-08T00:00:00Z');
  leave();
  clock.set('2026-12-09T00:00:00Z');
  expect(readings).toBe(1);
});

it('ignores a reading that is no instant', () => {
  const clock = new ServerClock(() => 0, 0);
  clock.set('soon');
  expect(clock.now().getTime()).toBe(0);
});
