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
  .strictObject({ email: emailInput, redirectTo: portalPath.optional() })
  .meta({ id: 'PasswordResetRequest' });

export const newPasswordRequest = z
  .strictObject({ token: z.string().min(1).max(200), newPassword })
  .meta({ id: 'NewPasswordRequest' });

export const verifyEmailQuery = z.strictObject({
  token: z.string().min(1).max(2000),
  callbackURL: portalPath.optional(),
});

export const signOutRequest = z.strictObject({}).meta({ id: 'SignOutRequest' });
