import { Big } from 'big.js';
import { InvalidError } from '../problem/tollgate-error.js';
import type { TimeSpan } from './monthly-period.js';

/**
 * An amount for a whole nominal period as that for a part of it, by milliseconds. Exact to 20 decimal places, which
 * settles like the exact quotient: a fraction of so few milliseconds is not that close to half a minor unit without being it.
 * @throws InvalidError `period_empty` for a nominal period without length, `period_reversed` for a part that ends first
 */
export function shareOfPeriod(amount: Big, part: TimeSpan, nominal: TimeSpan): Big {
  const ofMs = nominal.endMs - nominal.startMs;
  const partMs = part.endMs - part.startMs;
  if (ofMs <= 0) throw new InvalidError('period_empty', 'A nominal period ends after it starts.');
  if (partMs < 0) throw new InvalidError('period_reversed', 'A part of a period ends no sooner than it starts.');
  return partMs === ofMs ? amount : amount.times(partMs).div(ofMs);
}
