import type { Traffic } from '../api/types.js';

type Summary = Traffic['total'];

/** "0.4 ms", "12 ms", "1.3 s", "75 s": as precise as a percentile is. */
export function formatMs(ms: number): string {
  if (ms === 0) return '0 ms';
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

/** "12 ms", or a dash where no time is known. */
export function percentileWords(latency: Summary['latency'], which: 'p50Ms' | 'p95Ms' | 'p99Ms'): string {
  return latency === null ? '–' : formatMs(latency[which]);
}

/** The share of failed calls as "0.25%": finer than other shares, as canaries are judged by it. */
export function errorShare(failed: number, calls: number): string {
  if (calls === 0) return '–';
  const percent = (failed / calls) * 100;
  if (percent === 0) return '0%';
  if (percent < 0.01) return '<0.01%';
  return percent < 10 ? `${Number(percent.toFixed(2))}%` : `${Math.round(percent)}%`;
}
