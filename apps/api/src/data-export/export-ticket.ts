import { createHmac, timingSafeEqual } from 'node:crypto';
import { ConflictError } from '#domain';

const LIFE_MS = 600_000;

/** Whose data a ticket opens, and for whom. */
export interface ExportSubject {
  readonly userId: string;
  /** Null for the person's own. */
  readonly organizationId: string | null;
}

/** A link to a file, for the session that has shown the password, and when it ends. */
export function issueTicket(
  secret: string,
  subject: ExportSubject,
  nowMs: number,
): { readonly ticket: string; readonly expiresAt: Date } {
  const expiresAt = new Date(nowMs + LIFE_MS);
  return { ticket: `${expiresAt.getTime()}.${sealOf(secret, subject, expiresAt.getTime())}`, expiresAt };
}

/** @throws ConflictError `export_lapsed` for a ticket of somebody else, for something else, or of ten minutes ago */
export function requireTicket(secret: string, subject: ExportSubject, ticket: string, nowMs: number): void {
  const [until = '', seal = ''] = ticket.split('.');
  const expected = Buffer.from(sealOf(secret, subject, Number(until)));
  const given = Buffer.from(seal);
  const isRight = given.length === expected.length && timingSafeEqual(given, expected);
  if (isRight && nowMs < Number(until)) return;
  throw new ConflictError('export_lapsed', 'This link has lapsed: it is good for ten minutes. Ask for the file again.');
}

function sealOf(secret: string, { userId, organizationId }: ExportSubject, until: number): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify(['data export', userId, organizationId, until]))
    .digest('base64url');
}
