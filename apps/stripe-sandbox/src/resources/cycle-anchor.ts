import { hash, integer, required, type ParamReader } from '../http/params.js';
import { invalidRequest } from '../http/stripe-fault.js';
import { cyclesAfter, type Cycle } from './billing-period.js';

/** The day of the month, in UTC, and the time of day at which periods begin. */
export interface AnchorConfig {
  readonly day_of_month: number;
  readonly hour: number | null;
  readonly minute: number | null;
  readonly month: number | null;
  readonly second: number | null;
}

const within =
  (least: number, most: number): ParamReader<number> =>
  (node, path) => {
    const value = integer(node, path);
    if (value < least || value > most) throw invalidRequest(`This value must be from ${least} to ${most}.`, path);
    return value;
  };

const reader = hash({
  day_of_month: within(1, 31),
  hour: within(0, 23),
  minute: within(0, 59),
  second: within(0, 59),
});

/** Reads the parameter of that name; `month`, which is for longer intervals, is not simulated. */
export const anchorConfig: ParamReader<AnchorConfig> = (node, path) => {
  const { day_of_month: day, hour = null, minute = null, second = null } = reader(node, path);
  return { day_of_month: required(day, `${path}[day_of_month]`), hour, minute, month: null, second };
};

/**
 * The first instant at or after `now` at which a period begins, and one from which all of them can be counted: in a month
 * that has the day, so that the 31st comes back after a month that does not have it. What is not said of the time is as it is
 * now.
 */
export function anchorsOf(config: AnchorConfig, cycle: Cycle, now: number): { first: number; counted: number } {
  if (cycle.interval !== 'month') {
    throw invalidRequest(
      'This simulation of Stripe has it with prices by the month only.',
      'billing_cycle_anchor_config',
    );
  }
  const at = new Date(now * 1000);
  const time = [
    config.hour ?? at.getUTCHours(),
    config.minute ?? at.getUTCMinutes(),
    config.second ?? at.getUTCSeconds(),
  ] as const;
  // December and January have 31 days.
  const counted = Date.UTC(at.getUTCFullYear() - 1, 11, config.day_of_month, ...time) / 1000;
  let months = 0;
  while (cyclesAfter(counted, { interval: 'month', interval_count: 1 }, months) < now) months++;
  return { first: cyclesAfter(counted, { interval: 'month', interval_count: 1 }, months), counted };
}
