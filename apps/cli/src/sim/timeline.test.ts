import { describe, expect, it } from 'vitest';
import { parseScenario } from './read-scenario.js';
import { endOf, timelineOf } from './timeline.js';

const scenario = (customers: readonly object[], rest: object = {}) =>
  parseScenario(
    { title: 'Test', catalog: 'catalog.yaml', start: '2027-01-31T10:00:00Z', months: 1, customers, ...rest },
    'test',
  );

describe('the timeline of a scenario', () => {
  it('has everything in the order of time, a sign-up before what else happens at its instant, and nothing after the end', () => {
    const timeline = timelineOf(
      scenario([
        {
          name: 'Ada',
          plan: 'weather/pro',
          steps: [
            { at: '2027-02-28T10:00:00Z', use: { requests: 1 } },
            { at: '2027-02-28T09:59:59.999Z', use: { requests: 2 } },
            { at: '2027-01-31T10:00:00Z', use: { requests: 3 } },
          ],
        },
        { name: 'Bob', plan: 'weather/pro', signsUp: '2027-02-01T00:00:00Z' },
      ]),
    );
    expect(
      timeline.map(({ atMs, customer, happening }) => [new Date(atMs).toISOString(), customer.name, happening.kind]),
    ).toEqual([
      ['2027-01-31T10:00:00.000Z', 'Ada', 'sign_up'],
      ['2027-01-31T10:00:00.000Z', 'Ada', 'step'],
      ['2027-02-01T00:00:00.000Z', 'Bob', 'sign_up'],
      ['2027-02-28T09:59:59.999Z', 'Ada', 'step'],
    ]);
  });

  it('uses by the day at noon, less on weekends, more from month to month, within its span', () => {
    const usage = [
      { meter: 'requests', perDay: 100, weekend: 0.5, growthPercent: 10, to: '2027-03-08T00:00:00Z' },
      { meter: 'requests', perDay: 1, from: '2027-02-02T00:00:00Z' },
    ];
    const timeline = timelineOf(scenario([{ name: 'Ada', plan: 'weather/pro', usage }], { months: 2 }));
    const unitsOn = (day: string) => {
      const entry = timeline.find(({ atMs }) => new Date(atMs).toISOString() === `${day}T12:00:00.000Z`);
      return entry?.happening.kind === 'use' ? entry.happening.units['requests'] : undefined;
    };
    // 31 January 2027 is a Sunday.
    expect(unitsOn('2027-01-31')).toBe(50);
    expect(unitsOn('2027-02-01')).toBe(100);
    expect(unitsOn('2027-02-02')).toBe(101);
    expect(unitsOn('2027-03-02')).toBe(111);
    expect(unitsOn('2027-03-09')).toBe(1);
  });

  it('ends on the day of the month on which it starts, or the last one', () => {
    expect(new Date(endOf({ start: new Date('2027-01-31T10:00:00Z'), months: 1 })).toISOString()).toBe(
      '2027-02-28T10:00:00.000Z',
    );
  });
});

describe('a scenario with faults', () => {
  it.each([
    [
      'two things in a step',
      { steps: [{ at: '2027-02-01T00:00:00Z', cancel: 'now', card: 'good' }] },
      /does one thing/,
    ],
    ['nothing in a step', { steps: [{ at: '2027-02-01T00:00:00Z' }] }, /does one thing/],
    [
      'a late card',
      { steps: [{ at: '2027-02-01T00:00:00Z', card: 'good', arrives: '2027-02-02T00:00:00Z' }] },
      /only usage/,
    ],
    ['no instant', { steps: [{ at: 'soon', cancel: 'now' }] }, /customers\.0\.steps\.0\.at: expected an instant/],
    ['no plan', { plan: 'pro' }, /customers\.0\.plan: expected PRODUCT\/PLAN/],
    ['a word too many', { stpes: [] }, /customers\.0/],
  ])('is refused where it has %s', (_, customer, message) => {
    expect(() => scenario([{ name: 'Ada', plan: 'weather/pro', ...customer }])).toThrow(message);
  });

  it('is refused with two customers of one name', () => {
    const ada = { name: 'Ada', plan: 'weather/pro' };
    expect(() => scenario([ada, ada])).toThrow(/"Ada" is there twice/);
  });
});
