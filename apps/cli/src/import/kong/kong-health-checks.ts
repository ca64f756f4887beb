import type { InputPart } from '../input-part.js';

/** Kong's own where a file says nothing. */
const HEALTHY_STATUSES = [200, 302];
/** How long a target rests here that calls have found to fail. */
const REST_MS = 30_000;

/** The health checks of an upstream: `active` ones are asked for, `passive` ones are the circuit breaker. */
export function readHealthChecks(upstream: InputPart): Readonly<Record<string, unknown>> {
  const part = upstream.part('healthchecks');
  if (!part) return {};
  const checks = { ...activeChecks(part), ...passiveChecks(part) };
  if ((part.count('threshold') ?? 0) > 0)
    part.leaveOut('threshold', 'calls are refused when no target is left that is well.');
  part.leaveRest();
  return checks;
}

function activeChecks(checks: InputPart): Record<string, unknown> {
  const part = checks.part('active');
  if (!part) return {};
  const { report } = part;
  const type = part.text('type') ?? 'http';
  const path = part.text('http_path') ?? '/';
  const timeout = secondsIn(part, 'timeout', 1, { least: 0.1, most: 60 });
  part.ignore('concurrency');
  const [healthy, unhealthy] = [part.part('healthy'), part.part('unhealthy')];
  const intervals = [healthy, unhealthy].flatMap((one) =>
    one === undefined
      ? []
      : [secondsIn(one, 'interval', 0, { least: 0, most: 3_600 })].filter((seconds) => seconds > 0),
  );
  const failures = thresholdOf(unhealthy);
  const successes = healthy?.count('successes') ?? 0;
  const expectedStatuses = statusesIn(healthy) ?? HEALTHY_STATUSES;
  unhealthy?.ignore('http_statuses');
  for (const one of [healthy, unhealthy]) one?.leaveRest();
  // In Kong an interval of 0 is no check.
  const isOn = intervals.length > 0 && failures !== null;
  if (isOn)
    for (const key of ['headers', 'https_sni', 'https_verify_certificate'] as const)
      part.leaveOut(key, 'a check has the TLS settings of calls, and header fields of its own.');
  else part.ignore('headers', 'https_sni', 'https_verify_certificate');
  part.leaveRest();
  if (!isOn) return {};
  if (type !== 'http' && type !== 'https') {
    report.leftOut(part.place, 'targets are asked by HTTP, with the scheme of calls.');
    return {};
  }
  const intervalSeconds = Math.max(1, Math.min(...intervals));
  if (intervals.length < 2 || intervals[0] !== intervals[1])
    report.changed(part.place, `a target is asked every ${intervalSeconds} s, whether it is well or not.`);
  if (successes === 0) report.changed(part.place, 'a target that is not well comes back after 2 good answers.');
  report.changed(part.place, `every status but ${expectedStatuses.join(', ')} is a bad answer.`);
  const healthCheck = {
    path,
    intervalSeconds,
    timeoutSeconds: Math.min(timeout, intervalSeconds),
    healthyAfter: Math.min(100, successes || 2),
    unhealthyAfter: Math.min(100, failures),
    expectedStatuses,
  };
  return { healthCheck };
}

function passiveChecks(checks: InputPart): Record<string, unknown> {
  const part = checks.part('passive');
  if (!part) return {};
  part.ignore('type');
  const [healthy, unhealthy] = [part.part('healthy'), part.part('unhealthy')];
  const consecutiveFailures = thresholdOf(unhealthy);
  healthy?.ignore('successes', 'http_statuses');
  unhealthy?.ignore('http_statuses');
  for (const one of [healthy, unhealthy]) one?.leaveRest();
  part.leaveRest();
  if (consecutiveFailures === null) return {};
  part.report.changed(
    part.place,
    `so many 5xx, broken or missing answers in a row let a target rest for ${REST_MS / 1_000} s; then one call tries it.`,
  );
  return { circuitBreaker: { consecutiveFailures: Math.min(1_000, consecutiveFailures), openMs: REST_MS } };
}

/** So many failures of one kind are enough: the fewest of those that count; null where none does. */
function thresholdOf(unhealthy: InputPart | undefined): number | null {
  const counts = ['http_failures', 'tcp_failures', 'timeouts'].map((key) => unhealthy?.count(key) ?? 0);
  const least = Math.min(...counts.filter((count) => count > 0));
  return least === Infinity ? null : least;
}

/** Those that a check here can have for good ones. */
function statusesIn(healthy: InputPart | undefined): readonly number[] | undefined {
  const numbers = healthy?.list('http_statuses')?.filter((status) => typeof status === 'number') ?? [];
  const statuses = numbers.filter((status) => status >= 200 && status < 600).slice(0, 50);
  return statuses.length === 0 ? undefined : statuses;
}

/** Kong has parts of a second, too. */
function secondsIn(
  part: InputPart,
  key: string,
  usual: number,
  { least, most }: { least: number; most: number },
): number {
  const value = part.any(key) ?? usual;
  return typeof value === 'number' ? Math.min(most, Math.max(least, value)) : usual;
}
