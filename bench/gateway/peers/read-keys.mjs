import fs from 'node:fs';

/** The keys of the benchmark, each with the consumer it belongs to. */
export function readKeys(file) {
  return new Map(
    fs
      .readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' ')),
  );
}

/** Counts a consumer's calls of the present minute; false above the limit. In memory, for one process. */
export function minuteLimit(limit) {
  let minute = 0;
  let counts = new Map();
  return (consumer) => {
    const now = Math.floor(Date.now() / 60_000);
    if (now !== minute) {
      minute = now;
      counts = new Map();
    }
    const count = (counts.get(consumer) ?? 0) + 1;
    counts.set(consumer, count);
    return count <= limit;
  };
}
