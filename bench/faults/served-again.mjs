/** How long after an instant the first call that was due later got its answer; Infinity when none did. */
export function servedAgainMs(calls, at, isServed = ({ outcome }) => outcome === 'delivered') {
  const served = calls.filter((call) => call.dueAt > at && isServed(call)).map(({ doneAt }) => doneAt);
  return served.reduce((least, doneAt) => Math.min(least, doneAt), Infinity) - at;
}

/** The time that so large a share of the calls took at most, in milliseconds. */
export function quantileMs(calls, share) {
  const times = calls.map(({ dueAt, doneAt }) => doneAt - dueAt).toSorted((left, right) => left - right);
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Infinity;
}

export const seconds = (ms) => `${(ms / 1_000).toFixed(1)} s`;
