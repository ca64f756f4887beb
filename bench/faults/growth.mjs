/** What a process holds rises and falls with its collections: of each of these times only the most says how much it needs. */
const peakOfMs = 20_000;
const fewestPeaks = 5;

/**
 * By how many megabytes a minute the memory of a process grows: the line of least squares through the most of each twenty
 * seconds. Null for less than 100 seconds of readings.
 */
export function growthPerMinute(readings) {
  const peaks = peaksOf(readings);
  return peaks.length < fewestPeaks ? null : slopeOf(peaks.map(({ atMs, megabytes }) => [atMs / 60_000, megabytes]));
}

function peaksOf(readings) {
  const startsAt = readings[0]?.atMs ?? 0;
  const windows = Map.groupBy(readings, ({ atMs }) => Math.floor((atMs - startsAt) / peakOfMs));
  return [...windows].map(([window, held]) => ({
    atMs: startsAt + window * peakOfMs,
    megabytes: Math.max(...held.map(({ megabytes }) => megabytes)),
  }));
}

function slopeOf(points) {
  const mean = (at) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}
