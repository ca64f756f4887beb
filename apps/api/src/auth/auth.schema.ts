import { z } from 'zod';
import { emailInput, newPassword } from '../session/session.schema.js';

const portalPath = z
  .string()
  .max(400)
  .regex(/^\/(?!\/)[\w\-./?=&%]*$/, 'expected a path of this portal, such as "/dashboard"');

export const signInRequest = z
  .strictObject({ email: emailInput, password: z.string().min(1).max(128) })
  .meta({ id: 'SignInRequest' });

export const signInAnswer = z
  .object({ twoFactorRequired: z.boolean().describe('True when the sign-in goes on with a second factor.') })
  .meta({ id: 'SignInAnswer' });

/** A code of an authenticator app, with or without the space that some show in it. */
export const totpCode = z
  .string()
  .max(20)
  .transform((code) => code.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'expected the six digits that the app shows'));

export const twoFactorRequest = z.strictObject({ code: totpCode }).meta({ id: 'TwoFactorRequest' });

export const recoveryCodeRequest = z
  .strictObject({ code: z.string().trim().min(1).max(40) })
  .meta({ id: 'RecoveryCodeRequest' });

export const verificationRequest = z
  .strictObject({ email: emailInput, callbackURL: portalPath.optional() })
  .meta({ id: 'VerificationRequest' });

export const passwordResetRequest = z
  .strictObject({ email: emailInput, redirectTo: portalPath.default('/reset-password') })
  .meta({ id: 'PasswordResetRequest' });

export const oidcSignInQuery = z.strictObject({ callbackURL: portalPath });

export const resetToken = z.string().min(1).max(200);
export const passwordLinkQuery = z.strictObject({ callbackURL: portalPath });

export const newPasswordRequest = z.strictObject({ token: resetToken, newPassword }).meta({ id: 'NewPasswordRequest' });

export const verifyEmailQuery = z.strictObject({
  token: z.string().min(1).max(2000),
  callbackURL: portalPath.optional(),
});

export const signOutRequest = z.strictObject({}).meta({ id: 'SignOutRequest' });
