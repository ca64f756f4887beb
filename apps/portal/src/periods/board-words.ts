import type { BoardState } from '../api/types.js';
import type { Tone } from '../components/status-badge.js';

/** Where a period can stand, in the order of its way. */
export const boardStates = {
  open: { label: 'Open', tone: 'info', words: 'Still counting.' },
  grace: { label: 'In grace', tone: 'neutral', words: 'Ended; usage under way still counts.' },
  held: { label: 'Held', tone: 'warning', words: 'Ended, and waiting for usage.' },
  review: { label: 'In review', tone: 'warning', words: 'Rated, and looked at before it is issued.' },
  issued: { label: 'Issued', tone: 'info', words: 'Locked or issued, not paid yet.' },
  past_due: { label: 'Past due', tone: 'danger', words: 'Should be paid, and is not.' },
  settled: { label: 'Settled', tone: 'positive', words: 'Paid, or final otherwise.' },
  unbilled: { label: 'Not billed', tone: 'neutral', words: 'Closed without an invoice.' },
} as const satisfies Readonly<Record<BoardState, { label: string; tone: Tone; words: string }>>;

export function isBoardState(value: string): value is BoardState {
  return Object.hasOwn(boardStates, value);
}

/** True for a month as the board takes it: "2026-11". */
export function isMonth(value: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(value);
}

/** The month of an instant in UTC, so many months later. */
export function monthOf(at: Date, later = 0): string {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + later, 1)).toISOString().slice(0, 7);
}

/** The month before or after one. */
export function monthBeside(month: string, later: 1 | -1): string {
  return monthOf(new Date(`${month}-01T00:00:00Z`), later);
}

/** "November 2026". */
export function monthWords(month: string): string {
  return new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en-US', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}
