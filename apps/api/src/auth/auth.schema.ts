import { z } from 'zod';
import { emailInput, newPassword } from '../session/session.schema.js';

const portalPath = z
  .string()
  .max(400)
  .regex(/^\/(?!\/)[\w\-./?=&%]*$/, 'expected a path of this portal, such as "/dashboard"');

export const signInRequest = z
  .strictObject({ email: emailInput, password: z.string().min(1).max(128) })
  .meta({ id: 'SignInRequest' });

export const verificationRequest = z
  .strictObject({ email: emailInput, callbackURL: portalPath.optional() })
  .meta({ id: 'VerificationRequest' });

export const passwordResetRequest = z
  .strictObject({ email: emailInput, redirectTo: portalPath.default('/reset-password') })
  .meta({ id: 'PasswordResetRequest' });

export const resetToken = z.string().min(1).max(200);
export const passwordLinkQuery = z.strictObject({ callbackURL: portalPath });

export const newPasswordRequest = z.strictObject({ token: resetToken, newPassword }).meta({ id: 'NewPasswordRequest' });

export const verifyEmailQuery = z.strictObject({
  token: z.string().min(1).max(2000),
  callbackURL: portalPath.optional(),
});

export const signOutRequest = z.strictObject({}).meta({ id: 'SignOutRequest' });
