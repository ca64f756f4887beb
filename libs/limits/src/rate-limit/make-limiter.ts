import { FixedWindowLimiter } from './fixed-window-limiter.js';
import { GcraLimiter } from './gcra-limiter.js';
import type { Limiter } from './limiter.js';
import type { RateRule } from './rate-rule.js';
import { SlidingWindowLimiter } from './sliding-window-limiter.js';

/** An empty window of that rule. */
export function makeLimiter({ algorithm, limit, windowMs, burst }: RateRule): Limiter {
  switch (algorithm) {
    case 'sliding_window':
      return new SlidingWindowLimiter(limit, windowMs);
    case 'fixed_window':
      return new FixedWindowLimiter(limit, windowMs);
    case 'gcra':
      return new GcraLimiter(limit, windowMs, burst);
  }
}
