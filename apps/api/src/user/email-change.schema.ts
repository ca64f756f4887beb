import { z } from 'zod';
import { emailInput } from '../session/session.schema.js';
import { passwordInput } from './user.schema.js';

export const emailChangeRequest = z
  .strictObject({ newEmail: emailInput, password: passwordInput })
  .meta({ id: 'EmailChangeRequest' });

export const emailChangeRequested = z
  .object({ status: z.literal('confirmation_sent') })
  .meta({ id: 'EmailChangeRequested' });

export const confirmEmailChangeRequest = z
  .strictObject({ token: z.string().min(1).max(200) })
  .meta({ id: 'ConfirmEmailChangeRequest' });

export const confirmedEmail = z
  .object({ email: z.string().describe('The address of the account from now on.') })
  .meta({ id: 'ConfirmedEmail' });
