const fewestReadings = 60;

/** The most of each of so many equal parts of the time that the readings take. */
export function mostByPart(readings, parts) {
  const startMs = readings[0].atMs;
  const partMs = (readings.at(-1).atMs - startMs) / parts;
  return Array.from({ length: parts }, (_, part) => {
    const ofPart = readings.filter(({ atMs }) => Math.min(parts - 1, Math.floor((atMs - startMs) / partMs)) === part);
    return Math.max(...ofPart.map(({ megabytes }) => megabytes));
  });
}

/**
 * By how many megabytes a minute the memory of a process grows, from the most that it holds in the first third of the time to the
 * most in the last: what it holds rises and falls with its collections, and a line through all of that says as much about
 * when they happen as about what is never given back. Null for less than a minute of readings, one a second.
 */
export function growthPerMinute(readings) {
  if (readings.length < fewestReadings) return null;
  const [first, , last] = mostByPart(readings, 3);
  const minutesBetween = ((readings.at(-1).atMs - readings[0].atMs) * (2 / 3)) / 60_000;
  return (last - first) / minutesBetween;
}
