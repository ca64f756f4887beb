import type { Clock } from '#domain';
import type { Mailer } from '#mail';
import type { Logger } from '#observability';
import { betterAuth } from 'better-auth';
import { fromNodeHeaders } from 'better-auth/node';
import pg from 'pg';
import { TooManyRequestsError } from '../problem/request-error.js';
import type { ApiSettings } from '../tokens.js';
import { ACCOUNT_WINDOW_SECONDS, AccountLimit } from './account-limit.js';
import { SharedCount } from './shared-count.js';
import { REPORTS_PER_MINUTE } from '../credential/report-allowance.js';
import { verifyPassword } from './argon2.js';
import { authRefusal } from './auth-refusals.js';
import { BackgroundAuthMails } from './auth-mails.js';
import { type AuthParts, DAY_SECONDS, authOptions } from './auth-options.js';
import type { Authentication, UserSession } from './authentication.js';
import { mailboxLimit, mailboxKey } from './mailbox-limit.js';
import { passwordsOfLinks } from './passwords-of-links.js';
import { CODE_LIFE_SECONDS, codeKey, singleUseCodes } from './single-use-codes.js';

const POOL_SIZE = 5;
const CONNECTION_TIMEOUT_MS = 5_000;
/** How often somebody may ask for another address in a quarter of an hour: each time, a stranger may get a mail. */
const EMAIL_CHANGES = 5;
/** Exports of a person's in an hour, each of which may read a lot. */
const EXPORTS = 10;
const HOUR_SECONDS = 3600;
/** How many mails strangers can have sent to one mailbox in an hour, from all their addresses together. */
const MAILS_PER_HOUR = 20;
/** Tries at the second factor of somebody who is signed in, in a quarter of an hour. */
const CODE_TRIES = 10;
/** How many calls somebody may try out in a minute. */
const TRIES_PER_MINUTE = 60;

/** A pool whose connections work as the application's role in the schema `auth`. */
export function createAuthPool(databaseUrl: string): pg.Pool {
  return new pg.Pool({
    connectionString: databaseUrl,
    max: POOL_SIZE,
    application_name: 'tollgate-api-auth',
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    options: '-c role=tollgate_app -c search_path=auth -c timezone=UTC -c statement_timeout=30000',
  });
}

export interface AuthenticationParts extends Pick<AuthParts, 'onPasswordReset' | 'plugins'> {
  readonly mailer: Mailer;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** better-auth on Postgres, with mails through `mailer`. */
export function createAuthentication(
  settings: Pick<ApiSettings, 'DATABASE_URL' | 'PORTAL_URL' | 'PORTAL_NAME' | 'AUTH_SECRET' | 'SIGN_UPS_PER_DAY'>,
  { mailer, logger, clock, onPasswordReset, plugins }: AuthenticationParts,
): Authentication {
  const pool = createAuthPool(settings.DATABASE_URL);
  pool.on('error', (err) => logger.warn({ err }, 'an idle connection to the database was lost'));
  const findPasswordHash = async (userId: string): Promise<string | null> => {
    const { internalAdapter } = await auth.$context;
    return (await internalAdapter.findCredentialAccount(userId))?.password ?? null;
  };
  const mails = new BackgroundAuthMails(mailer, settings, logger, findPasswordHash);
  const accountLimit = new AccountLimit(pool);
  const codeTries = new SharedCount(pool, { windowSeconds: CODE_LIFE_SECONDS, max: 1 });
  const signUps = new SharedCount(pool, { windowSeconds: DAY_SECONDS, max: settings.SIGN_UPS_PER_DAY });
  const emailChanges = new SharedCount(pool, { windowSeconds: ACCOUNT_WINDOW_SECONDS, max: EMAIL_CHANGES });
  const mailsTo = new SharedCount(pool, { windowSeconds: HOUR_SECONDS, max: MAILS_PER_HOUR });
  const exports = new SharedCount(pool, { windowSeconds: HOUR_SECONDS, max: EXPORTS });
  const proofs = new SharedCount(pool, { windowSeconds: ACCOUNT_WINDOW_SECONDS, max: CODE_TRIES });
  const reports = new SharedCount(pool, { windowSeconds: 60, max: REPORTS_PER_MINUTE });
  const tries = new SharedCount(pool, { windowSeconds: 60, max: TRIES_PER_MINUTE });
  const auth = betterAuth(
    authOptions(settings, {
      pool,
      mails,
      plugins: [
        singleUseCodes(codeTries, () => clock.nowMs()),
        // Before what changes accounts that wait for their mail.
        mailboxLimit(mailsTo, () => clock.nowMs()),
        passwordsOfLinks(mails),
        ...plugins,
      ],
      onPasswordReset: async (user) => {
        // The link came to the address as that of a verification would have; one sent before must not bring its password back.
        const { internalAdapter } = await auth.$context;
        if (!user.emailVerified) await internalAdapter.updateUser(user.id, { emailVerified: true });
        await onPasswordReset(user);
      },
      log: (level, message) => logger[level === 'error' ? 'error' : 'warn'](message),
    }),
  );
  return {
    handle: (request) => auth.handler(request),
    tryPassword: async (request, email) => {
      const waitSeconds = await accountLimit.countTry(email, clock.nowMs());
      if (waitSeconds > 0) throw new TooManyRequestsError(waitSeconds);
      const response = await auth.handler(request);
      if (response.ok) await accountLimit.forget(email);
      return response;
    },
    findUser: async (headers) => {
      if (!headers.cookie) return null;
      const session = await auth.api.getSession({ headers: fromNodeHeaders(headers) });
      if (!session) return null;
      const { id, name, email, twoFactorEnabled } = session.user;
      return { id, name, email, hasTwoFactor: twoFactorEnabled === true, sessionId: session.session.id };
    },
    checkPassword: async ({ id, email }, password) => {
      const waitSeconds = await accountLimit.countTry(email, clock.nowMs());
      if (waitSeconds > 0) throw new TooManyRequestsError(waitSeconds);
      const { internalAdapter } = await auth.$context;
      const account = await internalAdapter.findCredentialAccount(id);
      if (!account?.password) throw authRefusal('CREDENTIAL_ACCOUNT_NOT_FOUND')!;
      if (!(await verifyPassword({ password, hash: account.password }))) throw authRefusal('INVALID_PASSWORD')!;
      await accountLimit.forget(email);
    },
    isFreshSession: async (sessionId) => {
      // By the database's time, which is the machine's as that of sessions is, and not the time machine's.
      const { rows } = await pool.query<{ isFresh: boolean }>(
        `SELECT "createdAt" > clock_timestamp() - interval '10 minutes' AS "isFresh" FROM session WHERE id = $1`,
        [sessionId],
      );
      return rows[0]?.isFresh === true;
    },
    takeCode: async (userId, code) => {
      const waitSeconds = await proofs.take(`proof:${userId}`, clock.nowMs());
      if (waitSeconds > 0) throw new TooManyRequestsError(waitSeconds);
      if ((await codeTries.take(codeKey(userId, code), clock.nowMs())) > 0) throw authRefusal('CODE_USED')!;
    },
    listSessions: async (userId, { after, limit } = {}) => {
      const { internalAdapter } = await auth.$context;
      const sessions = await internalAdapter.listSessions(userId, { onlyActiveSessions: true });
      return sessions
        .map(({ id, createdAt, updatedAt, expiresAt, ipAddress, userAgent }) => ({
          id,
          createdAt,
          lastSeenAt: updatedAt,
          expiresAt,
          address: ipAddress || null,
          userAgent: userAgent || null,
        }))
        .toSorted(byNewestSession)
        .filter((session) => after === undefined || byNewestSession(after, session) < 0)
        .slice(0, limit);
    },
    countRecoveryCodes: async (userId) => {
      const { backupCodes } = await auth.api.viewBackupCodes({ body: { userId } });
      return backupCodes.length;
    },
    countSignUp: (address) => signUps.take(`sign-up:${address}`, clock.nowMs()),
    countEmailChange: (userId) => emailChanges.take(`email-change:${userId}`, clock.nowMs()),
    forgetTries: async (email) => {
      await accountLimit.forget(email);
      await mailsTo.forget(mailboxKey(email));
    },
    countExport: (userId) => exports.take(`export:${userId}`, clock.nowMs()),
    countReport: (address) => reports.take(`report:${address}`, clock.nowMs()),
    countTry: (userId) => tries.take(`try-it:${userId}`, clock.nowMs()),
    close: async () => {
      await mails.settle();
      await pool.end();
    },
  };
}

type SessionPlace = Pick<UserSession, 'createdAt' | 'id'>;

function byNewestSession(one: SessionPlace, other: SessionPlace): number {
  const apart = other.createdAt.getTime() - one.createdAt.getTime();
  if (apart !== 0) return apart;
  return one.id < other.id ? -1 : Number(one.id > other.id);
}
