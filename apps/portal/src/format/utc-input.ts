/** What a `datetime-local` field shows for an instant, in UTC to the minute: "2026-11-22T13:03". */
export function utcInputValue(instant: Date): string {
  return instant.toISOString().slice(0, 16);
}

/** The instant that a `datetime-local` or `date` field means in UTC, ISO 8601; null when it is empty or incomplete. */
export function utcInstantOf(value: string): string | null {
  const text = value.trim();
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$/.test(text)) return null;
  const instant = new Date(text.includes('T') ? `${text}Z` : `${text}T00:00:00Z`);
  return Number.isNaN(instant.getTime()) ? null : instant.toISOString();
}

/** An instant so many days or months later. A day that the month lacks becomes its last one. */
export function laterBy(instant: Date, amount: { readonly hours?: number; readonly months?: number }): Date {
  const later = new Date(instant.getTime() + (amount.hours ?? 0) * 3_600_000);
  const day = later.getUTCDate();
  later.setUTCDate(1);
  later.setUTCMonth(later.getUTCMonth() + (amount.months ?? 0));
  const lastDay = new Date(Date.UTC(later.getUTCFullYear(), later.getUTCMonth() + 1, 0)).getUTCDate();
  later.setUTCDate(Math.min(day, lastDay));
  return later;
}

/** From the start of the first day up to the end of the last, in UTC, of two `date` fields; what is empty has no bound. */
export function utcSpanOf(days: { readonly from?: string | undefined; readonly to?: string | undefined }): {
  readonly from?: string;
  readonly to?: string;
} {
  const first = utcInstantOf(days.from ?? '');
  const last = utcInstantOf(days.to ?? '');
  return {
    ...(first !== null && { from: first }),
    ...(last !== null && { to: laterBy(new Date(last), { hours: 24 }).toISOString() }),
  };
}
