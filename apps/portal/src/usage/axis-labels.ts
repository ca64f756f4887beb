/** The label of a tick on the time axis: days where ticks are days apart, and at each midnight; else the time. */
export function axisLabel(atSeconds: number, stepSeconds: number, timeZone?: string): string {
  const at = new Date(atSeconds * 1000);
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = () => at.toLocaleDateString('en-US', { month: 'short', day: 'numeric', ...zone });
  if (stepSeconds >= 86_400) return day();
  const time = at.toLocaleTimeString('en-US', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...zone });
  return time === '00:00' ? day() : time;
}

/** What a bucket covers: "Nov 22, 14:00 – 15:00", or its day. Days are counted in UTC. */
export function bucketLabel(atSeconds: number, stepSeconds: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const at = new Date(atSeconds * 1000);
  if (stepSeconds >= 86_400) {
    return `${at.toLocaleDateString('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' })} (UTC)`;
  }
  const time = (seconds: number) =>
    new Date(seconds * 1000).toLocaleTimeString('en-US', {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      ...zone,
    });
  const day = at.toLocaleDateString('en-US', { month: 'short', day: 'numeric', ...zone });
  return `${day}, ${time(atSeconds)} – ${time(atSeconds + stepSeconds)}`;
}
