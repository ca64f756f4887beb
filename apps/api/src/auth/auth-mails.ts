import { type Mailer, passwordResetMail, verificationMail } from '#mail';
import type { Logger } from '#observability';
import { createEmailVerificationToken } from 'better-auth/api';
import type { ApiSettings } from '../tokens.js';
import type { AuthMails } from './auth-options.js';
import { claimsOfLink } from './passwords-of-links.js';

const TOKEN_SECONDS = 24 * 3600;

/**
 * Sends the mails of sign-up and password reset behind the answer, so that its time does not tell whether an address
 * is known. What cannot be sent is logged: people can ask for it again.
 */
export class BackgroundAuthMails implements AuthMails {
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly mailer: Mailer,
    private readonly settings: Pick<ApiSettings, 'PORTAL_URL' | 'PORTAL_NAME' | 'AUTH_SECRET'>,
    private readonly logger: Logger,
    /** Null for who has none. */
    private readonly findPasswordHash: (userId: string) => Promise<string | null>,
  ) {}

  async sendVerification(
    { id, name, email }: { id: string; name: string; email: string },
    callbackURL: string,
    passwordHash?: string,
  ): Promise<void> {
    const { AUTH_SECRET: secret, PORTAL_URL: portalUrl, PORTAL_NAME: portalName } = this.settings;
    const claims = await claimsOfLink(secret, id, passwordHash ?? (await this.findPasswordHash(id)));
    const token = await createEmailVerificationToken(secret, email, undefined, TOKEN_SECONDS, { ...claims });
    const query = new URLSearchParams({ token, callbackURL });
    const url = `${portalUrl}/api/auth/verify-email?${query.toString()}`;
    this.send(email, verificationMail({ name, url, portalName }));
  }

  async sendPasswordReset({ name, email }: { name: string; email: string }, url: string): Promise<void> {
    this.send(email, passwordResetMail({ name, url, portalName: this.settings.PORTAL_NAME }));
  }

  /** Resolves when no mail is under way any more. */
  async settle(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private send(to: string, mail: Omit<Parameters<Mailer['send']>[0], 'to'>): void {
    const sending = this.mailer
      .send({ to, ...mail })
      .catch((err: unknown) => this.logger.error({ err }, 'a mail could not be sent'))
      .finally(() => this.underWay.delete(sending));
    this.underWay.add(sending);
  }
}
