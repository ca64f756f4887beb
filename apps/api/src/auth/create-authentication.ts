import type { Clock } from '#domain';
import type { Mailer } from '#mail';
import type { Logger } from '#observability';
import { betterAuth } from 'better-auth';
import { fromNodeHeaders } from 'better-auth/node';
import pg from 'pg';
import { TooManyRequestsError } from '../problem/request-error.js';
import type { ApiSettings } from '../tokens.js';
import { AccountLimit } from './account-limit.js';
import { SharedCount } from './shared-count.js';
import { REPORTS_PER_MINUTE } from '../credential/report-allowance.js';
import { BackgroundAuthMails } from './auth-mails.js';
import { authOptions } from './auth-options.js';
import type { Authentication } from './authentication.js';

const POOL_SIZE = 5;
const CONNECTION_TIMEOUT_MS = 5_000;

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

/** better-auth on Postgres, with mails through `mailer`. */
export function createAuthentication(
  settings: Pick<ApiSettings, 'DATABASE_URL' | 'PORTAL_URL' | 'AUTH_SECRET'>,
  { mailer, logger, clock }: { readonly mailer: Mailer; readonly logger: Logger; readonly clock: Clock },
): Authentication {
  const pool = createAuthPool(settings.DATABASE_URL);
  pool.on('error', (err) => logger.warn({ err }, 'an idle connection to the database was lost'));
  const mails = new BackgroundAuthMails(mailer, settings, logger);
  const accountLimit = new AccountLimit(pool);
  const reports = new SharedCount(pool, { windowSeconds: 60, max: REPORTS_PER_MINUTE });
  const auth = betterAuth(
    authOptions(settings, pool, mails, (level, message) => logger[level === 'error' ? 'error' : 'warn'](message)),
  );
  return {
    handle: (request) => auth.handler(request),
    signIn: async (request, email) => {
      const waitSeconds = await accountLimit.countTry(email, clock.nowMs());
      if (waitSeconds > 0) throw new TooManyRequestsError(waitSeconds);
      const response = await auth.handler(request);
      if (response.ok) await accountLimit.forget(email);
      return response;
    },
    findUser: async (headers) => {
      if (!headers.cookie) return null;
      const session = await auth.api.getSession({ headers: fromNodeHeaders(headers) });
      return session && { id: session.user.id, name: session.user.name, email: session.user.email };
    },
    countReport: (address) => reports.take(`report:${address}`, clock.nowMs()),
    close: async () => {
      await mails.settle();
      await pool.end();
    },
  };
}
