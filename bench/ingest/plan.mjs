// What is measured: `keys` of 1,000 subscriptions, some called much more often than others, as callers are.
const base = { events: 400_000, segmentSize: 1_000, backEnd: 'postgres', keys: 1_000 };

export const goals = [{ title: 'segments of 1,000 events', least: 40_000 }];

const main = [
  { ...base, title: 'segments of 1,000 events' },
  { ...base, title: 'segments of 1,000 events, queue in Redis', backEnd: 'redis' },
];

export const scenarios = {
  quick: main,
  full: [
    { ...base, events: 1_000_000, title: 'segments of 1,000 events' },
    { ...base, events: 1_000_000, title: 'segments of 1,000 events, queue in Redis', backEnd: 'redis' },
    { ...base, title: 'segments of 100 events', segmentSize: 100 },
    { ...base, title: 'segments of 10,000 events', segmentSize: 10_000, events: 500_000 },
    { ...base, title: 'every key and operation as often as the others', isEven: true },
    { ...base, title: 'four keys in all', keys: 4 },
    { ...base, title: 'one job an event', segmentSize: 1, events: 5_000 },
    { ...base, title: 'one insert an event, no queue', kind: 'single_inserts', events: 5_000 },
  ],
};
