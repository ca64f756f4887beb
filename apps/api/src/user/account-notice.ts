import { accountNoticeMail } from '#mail';
import { type ServiceContext, recordPasswordChange } from '#services';
import type { ChangedUser } from '../auth/auth-options.js';
import type { ApiSettings } from '../tokens.js';

type PortalSettings = Pick<ApiSettings, 'PORTAL_URL' | 'PORTAL_NAME'>;

/** A mail to the person about what has become of their account. */
export function accountNotice(
  { name, email }: Pick<ChangedUser, 'name' | 'email'>,
  { what, meaning }: { readonly what: string; readonly meaning: string },
  { PORTAL_URL: portalUrl, PORTAL_NAME: portalName }: PortalSettings,
) {
  const url = `${portalUrl}/settings/security`;
  return { to: email, ...accountNoticeMail({ name, what, meaning, url, portalName }) };
}

export const PASSWORD_CHANGED = {
  what: 'Your password was changed',
  meaning: 'All other sessions of your account have ended.',
};

/** Writes down that a password was set anew with a link, and tells the person. */
export function recordPasswordReset(
  context: ServiceContext,
  user: ChangedUser,
  settings: PortalSettings,
): Promise<void> {
  const change = { userId: user.id, action: 'set anew the password of' };
  return recordPasswordChange(context, change, accountNotice(user, PASSWORD_CHANGED, settings));
}
