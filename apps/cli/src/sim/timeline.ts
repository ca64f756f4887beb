import { monthlyPeriod } from '#domain';
import type { CustomerStep, Scenario, SimulatedCustomer } from './scenario.js';
import { unitsOfDay } from './usage-shape.js';

/** Something that happens to a customer. */
export type Happening =
  | { readonly kind: 'sign_up' }
  | { readonly kind: 'step'; readonly step: CustomerStep }
  | { readonly kind: 'use'; readonly units: Readonly<Record<string, number>> };

export interface TimelineEntry {
  readonly atMs: number;
  readonly customer: SimulatedCustomer;
  readonly happening: Happening;
}

const DAY_MS = 86_400_000;
const NOON_MS = DAY_MS / 2;

/** When a scenario ends. */
export function endOf({ start, months }: Pick<Scenario, 'start' | 'months'>): number {
  return monthlyPeriod(start.getTime(), months).startMs;
}

/**
 * Everything that happens in a scenario in the order of time; at the same instant in the order of the file, and a customer
 * signs up first. Usage by shape is one event at noon (UTC) of each day.
 */
export function timelineOf(scenario: Scenario): TimelineEntry[] {
  const endMs = endOf(scenario);
  const entries = scenario.customers.flatMap((customer) => entriesOf(customer, scenario.start.getTime(), endMs));
  return entries.filter(({ atMs }) => atMs < endMs).toSorted((one, other) => one.atMs - other.atMs);
}

function entriesOf(customer: SimulatedCustomer, startMs: number, endMs: number): TimelineEntry[] {
  const signsUpMs = customer.signsUp?.getTime() ?? startMs;
  const entries: TimelineEntry[] = [{ atMs: signsUpMs, customer, happening: { kind: 'sign_up' } }];
  for (const step of customer.steps)
    entries.push({ atMs: step.at.getTime(), customer, happening: { kind: 'step', step } });
  for (let day = Math.floor(signsUpMs / DAY_MS) * DAY_MS; day < endMs; day += DAY_MS) {
    const atMs = day + NOON_MS;
    if (atMs <= signsUpMs) continue;
    const units: Record<string, number> = {};
    for (const shape of customer.usage) {
      const used = unitsOfDay(shape, signsUpMs, atMs);
      if (used > 0) units[shape.meter] = (units[shape.meter] ?? 0) + used;
    }
    if (Object.keys(units).length > 0) entries.push({ atMs, customer, happening: { kind: 'use', units } });
  }
  return entries;
}
