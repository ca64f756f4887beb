import { createHash } from 'node:crypto';
import type { FillRandom } from '../id/uuid-v7.js';
import { randomBase62 } from '../credential/base62.js';
import type { MembershipRole } from './organization-role.js';

/** Asks somebody by mail to join an organization. */
export interface Invitation {
  readonly id: string;
  readonly organizationId: string;
  /** In lower case. */
  readonly email: string;
  readonly role: MembershipRole;
  readonly invitedBy: string | null;
  readonly createdAt: Date;
  /** When the newest mail went out. */
  readonly sentAt: Date;
  readonly expiresAt: Date;
}

export const INVITATION_RULES = {
  lifeMs: 7 * 86_400_000,
  /** From one mail of an invitation to its next. */
  resendAfterMs: 60_000,
  /** Invitations of one organization that are neither accepted, withdrawn nor expired. */
  maxOpen: 50,
  /** Invitations that one person makes within 24 hours, over all organizations. */
  maxPerDay: 50,
  maxMails: 10,
} as const;

const TOKEN_LENGTH = 43;

/** A token of 256 random bits in base62 for the link of an invitation, and the SHA-256 that is kept of it. */
export function generateInvitationToken(fillRandom: FillRandom): { readonly token: string; readonly hash: Buffer } {
  const token = randomBase62(TOKEN_LENGTH, fillRandom);
  return { token, hash: hashInvitationToken(token) };
}

/** What is kept of the token of an invitation. */
export function hashInvitationToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
