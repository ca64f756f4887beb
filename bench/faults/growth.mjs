const fewestReadings = 60;

/**
 * By how many megabytes a minute the memory of a process grows, from the most that it holds in the first third of the time to the
 * most in the last: what it holds rises and falls with its collections, and a line through all of that says as much about
 * when they happen as about what is never given back. Null for less than a minute of readings, one a second.
 */
export function growthPerMinute(readings) {
  if (readings.length < fewestReadings) return null;
  const [from, until] = [readings[0].atMs, readings.at(-1).atMs];
  const third = (until - from) / 3;
  const most = (held) => Math.max(...held.map(({ megabytes }) => megabytes));
  const first = most(readings.filter(({ atMs }) => atMs < from + third));
  const last = most(readings.filter(({ atMs }) => atMs >= until - third));
  return (last - first) / ((2 * third) / 60_000);
}
