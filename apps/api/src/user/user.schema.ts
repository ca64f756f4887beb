import { z } from 'zod';
import { totpCode } from '../auth/auth.schema.js';
import { nextAfter, pageAfter, placeOf } from '../contract/page.schema.js';
import { instant, instantInput, nameInput } from '../contract/value.schema.js';
import { newPassword } from '../session/session.schema.js';

export const passwordInput = z.string().min(1).max(128).describe('The present password.');

export const userProfile = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    createdAt: instant,
    hasPassword: z.boolean().describe('False for who signs in through an identity provider only.'),
    hasTwoFactor: z.boolean(),
    recoveryCodesLeft: z.int().describe('Recovery codes that are unused; 0 without two-factor authentication.'),
  })
  .meta({ id: 'UserProfile', description: 'Who is signed in, as shown to themselves.' });

export const renameUserRequest = z.strictObject({ name: nameInput }).meta({ id: 'RenameUserRequest' });

export const changePasswordRequest = z
  .strictObject({ currentPassword: passwordInput, newPassword })
  .meta({ id: 'ChangePasswordRequest' });

export const passwordRequest = z.strictObject({ password: passwordInput }).meta({ id: 'PasswordRequest' });

export const twoFactorSetUp = z
  .object({
    uri: z.string().describe('The otpauth URI for the QR code.'),
    secret: z.string().describe('The same secret for typing, in base32.'),
    recoveryCodes: z.array(z.string()).readonly().describe('Shown now and never again; each is good for one sign-in.'),
  })
  .meta({ id: 'TwoFactorSetUp' });

export const confirmTwoFactorRequest = z.strictObject({ code: totpCode }).meta({ id: 'ConfirmTwoFactorRequest' });

export const recoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()).readonly() })
  .meta({ id: 'RecoveryCodes', description: 'Shown now and never again; each is good for one sign-in.' });

export const acceptPortalTermsRequest = z
  .strictObject({ version: z.string().min(1).max(32).describe('The version that was read.') })
  .meta({ id: 'AcceptPortalTermsRequest' });

export const sessionId = z.string().min(1).max(100);

/** Where a list of sessions goes on, as text: when it began, and its id. */
const sessionPlace = placeOf(
  z.tuple([instantInput, z.string()]).transform(([createdAt, id]) => ({ createdAt, id })),
  2,
);

export const userSessionQuery = pageAfter(sessionPlace);

export const userSessions = z
  .object({
    sessions: z
      .array(
        z
          .object({
            id: z.string(),
            device: z.string().describe('Browser and system, such as "Firefox on Linux".'),
            address: z.string().nullable().describe('Where it began.'),
            createdAt: instant,
            lastSeenAt: instant.describe('Exact to five minutes.'),
            expiresAt: instant,
            isCurrent: z.boolean().describe('True for the session of this request.'),
          })
          .meta({ id: 'UserSession' }),
      )
      .readonly(),
    next: nextAfter,
  })
  .meta({ id: 'UserSessions' });

export const endedSessions = z.object({ ended: z.int() }).meta({ id: 'EndedSessions' });
