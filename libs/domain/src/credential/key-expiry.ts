/** How long before the end of a key its owners are told: 7 days. */
const NOTICE_MS = 604_800_000;

/**
 * When the owners of a key are told that it ends: seven days before. Null for a key without an end, and when its end was
 * decided no longer ahead than that: whoever decided it knows.
 */
export function expiryNoticeAt(expiresAt: Date | null, decidedAt: Date): Date | null {
  if (expiresAt === null) return null;
  const noticeAt = new Date(expiresAt.getTime() - NOTICE_MS);
  return noticeAt > decidedAt ? noticeAt : null;
}
