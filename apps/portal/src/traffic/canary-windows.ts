/** How far back a canary is looked at, in which spans, and how often it is read again: a day is more to add up. */
export const canaryWindows = {
  '15m': { label: '15 min', words: 'last 15 minutes', minutes: 15, bucket: 'minute', renewMs: 5_000 },
  '1h': { label: '1 hour', words: 'last hour', minutes: 60, bucket: 'minute', renewMs: 5_000 },
  '24h': { label: '24 hours', words: 'last 24 hours', minutes: 1_440, bucket: 'quarter', renewMs: 30_000 },
} as const;

export type CanaryWindow = keyof typeof canaryWindows;

export function isCanaryWindow(value: unknown): value is CanaryWindow {
  return typeof value === 'string' && Object.hasOwn(canaryWindows, value);
}
