import type { BetterAuthOptions, BetterAuthPlugin } from 'better-auth';
import { twoFactor } from 'better-auth/plugins';
import type { Pool } from 'pg';
import { PASSWORD_LENGTH } from '../session/session.schema.js';
import type { ApiSettings } from '../tokens.js';
import { ACCOUNT_WINDOW_SECONDS } from './account-limit.js';
import { hashPassword, verifyPassword } from './argon2.js';
import { CLIENT_ADDRESS_HEADER } from './authentication.js';
import { trustedOrigins } from '../security/trusted-origins.js';

const HOUR_SECONDS = 3600;
export const DAY_SECONDS = 24 * HOUR_SECONDS;
/** Where somebody arrives who has opened the link of a verification mail. */
export const AFTER_VERIFICATION = '/dashboard';
/** How exactly a session knows when it was used last. */
const LAST_SEEN_SECONDS = 300;

export interface AuthMails {
  /** The mail goes out behind it; its link brings the password with this hash, by default that of the account, and leads on to `callbackURL`. */
  sendVerification(
    user: { readonly id: string; readonly name: string; readonly email: string },
    callbackURL: string,
    passwordHash?: string,
  ): Promise<void>;
  sendPasswordReset(user: { readonly name: string; readonly email: string }, url: string): Promise<void>;
}

export interface ChangedUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface AuthParts {
  /** Must have the schema `auth` as its search path. */
  readonly pool: Pool;
  readonly mails: AuthMails;
  /** See `singleUseCodes` and `oidcSignIn`. */
  readonly plugins: readonly BetterAuthPlugin[];
  /** Somebody has set the password anew with a link. */
  readonly onPasswordReset: (user: ChangedUser & { readonly emailVerified: boolean }) => Promise<void>;
  readonly log: (level: string, message: string) => void;
}

/** How better-auth works here. */
export function authOptions(
  settings: Pick<ApiSettings, 'PORTAL_URL' | 'PORTAL_NAME' | 'AUTH_SECRET'>,
  { pool, mails, plugins, onPasswordReset, log }: AuthParts,
) {
  return {
    appName: settings.PORTAL_NAME,
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
      onPasswordReset: ({ user }) => onPasswordReset(user),
    },
    emailVerification: {
      sendOnSignUp: true,
      autoSignInAfterVerification: true,
      sendVerificationEmail: ({ user, url }) =>
        mails.sendVerification(user, new URL(url).searchParams.get('callbackURL') ?? AFTER_VERIFICATION),
    },
    session: { expiresIn: 30 * 24 * HOUR_SECONDS, updateAge: LAST_SEEN_SECONDS },
    // Five tries for each sign-in; ten in a row lock the second factor of the account for a quarter of an hour.
    plugins: [
      twoFactor({
        accountLockout: { maxFailedAttempts: 10, durationSeconds: ACCOUNT_WINDOW_SECONDS },
        backupCodeOptions: { amount: 10, storeBackupCodes: 'encrypted' },
      }),
      ...plugins,
    ],
    // Only with an address that both sides have verified: see `oidcSignIn`.
    account: { accountLinking: { enabled: true, requireLocalEmailVerified: true } },
    rateLimit: {
      enabled: true,
      storage: 'database',
      window: 60,
      max: 100,
      // Per address; the argon2 work of each try is what makes more than these dear.
      customRules: {
        '/sign-in/email': { window: 60, max: 20 },
        '/sign-up/email': { window: 60, max: 10 },
        // No route: better-auth keeps its counters for the longest window here, and sign-ups are counted by the day.
        '/sign-up/day': { window: DAY_SECONDS, max: 1 },
        '/request-password-reset': { window: 60, max: 5 },
        '/reset-password': { window: ACCOUNT_WINDOW_SECONDS, max: 20 },
        '/send-verification-email': { window: 60, max: 5 },
        '/change-password': { window: 60, max: 10 },
        '/oidc/*': { window: 60, max: 30 },
        '/two-factor/*': { window: 60, max: 20 },
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
