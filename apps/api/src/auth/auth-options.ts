import type { BetterAuthOptions } from 'better-auth';
import type { Pool } from 'pg';
import { PASSWORD_LENGTH } from '../session/session.schema.js';
import type { ApiSettings } from '../tokens.js';
import { ACCOUNT_WINDOW_SECONDS } from './account-limit.js';
import { hashPassword, verifyPassword } from './argon2.js';
import { CLIENT_ADDRESS_HEADER } from './authentication.js';
import { trustedOrigins } from '../security/trusted-origins.js';

const HOUR_SECONDS = 3600;

export interface AuthMails {
  /** Resolves at once; the mail goes out behind it. */
  sendVerification(user: { readonly name: string; readonly email: string }, url: string): Promise<void>;
  sendPasswordReset(user: { readonly name: string; readonly email: string }, url: string): Promise<void>;
  /** Somebody signs up under an address that is known. */
  sendAgain(user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly emailVerified: boolean;
  }): Promise<void>;
}

/** How better-auth works here. `pool` must have the schema `auth` as its search path. */
export function authOptions(
  settings: Pick<ApiSettings, 'PORTAL_URL' | 'AUTH_SECRET'>,
  pool: Pool,
  mails: AuthMails,
  log: (level: string, message: string) => void,
) {
  return {
    appName: 'Tollgate',
    baseURL: settings.PORTAL_URL,
    basePath: '/api/auth',
    secret: settings.AUTH_SECRET,
    database: pool,
    telemetry: { enabled: false },
    trustedOrigins: trustedOrigins(settings.PORTAL_URL),
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
      password: { hash: hashPassword, verify: verifyPassword },
      resetPasswordTokenExpiresIn: HOUR_SECONDS,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, url }) => mails.sendPasswordReset(user, url),
      onExistingUserSignUp: ({ user }) => mails.sendAgain(user),
    },
    emailVerification: {
      sendOnSignUp: true,
      autoSignInAfterVerification: true,
      expiresIn: 24 * HOUR_SECONDS,
      sendVerificationEmail: ({ user, url }) => mails.sendVerification(user, url),
    },
    session: { expiresIn: 30 * 24 * HOUR_SECONDS, updateAge: 24 * HOUR_SECONDS },
    account: { accountLinking: { enabled: false } },
    rateLimit: {
      enabled: true,
      storage: 'database',
      window: 60,
      max: 100,
      // Per address; the argon2 work of each try is what makes more than these dear.
      customRules: {
        '/sign-in/email': { window: 60, max: 20 },
        '/sign-up/email': { window: 60, max: 10 },
        '/request-password-reset': { window: 60, max: 5 },
        '/reset-password': { window: ACCOUNT_WINDOW_SECONDS, max: 20 },
        '/send-verification-email': { window: 60, max: 5 },
      },
    },
    advanced: {
      cookiePrefix: 'tollgate',
      useSecureCookies: settings.PORTAL_URL.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      // Said aloud, because better-auth switches them off when it believes it is being tested.
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
    // Arguments are left out: they hold addresses of people.
    logger: { level: 'warn', log: (level, message) => log(level, message) },
  } satisfies BetterAuthOptions;
}
