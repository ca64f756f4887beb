import { describe, it } from 'vitest';
import { expectMonthsToAddUp } from '../support/random-months.js';

describe('more random months of many customers', () => {
  it.each([1, 2, 3])('add up, and are the same when they are rated again (seed %i)', (seed) =>
    expectMonthsToAddUp(seed, 200),
  );
});
