import { type Mailer, passwordResetMail, verificationMail } from '#mail';
import type { Logger } from '#observability';
import { createEmailVerificationToken } from 'better-auth/api';
import type { ApiSettings } from '../tokens.js';
import type { AuthMails } from './auth-options.js';

/** Where somebody arrives who has opened the link of a verification mail. */
export const AFTER_VERIFICATION = '/dashboard';
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
  ) {}

  async sendVerification({ name, email }: { name: string; email: string }, url: string): Promise<void> {
    this.send(email, verificationMail({ name, url, portalName: this.settings.PORTAL_NAME }));
  }

  async sendPasswordReset({ name, email }: { name: string; email: string }, url: string): Promise<void> {
    this.send(email, passwordResetMail({ name, url, portalName: this.settings.PORTAL_NAME }));
  }

  /** Who has not verified yet gets the mail again, as the first one may be lost; who has needs none. */
  async sendAgain(user: { id: string; name: string; email: string; emailVerified: boolean }): Promise<void> {
    if (user.emailVerified) return;
    const token = await createEmailVerificationToken(this.settings.AUTH_SECRET, user.email, undefined, TOKEN_SECONDS, {
      userId: user.id,
    });
    const query = new URLSearchParams({ token, callbackURL: AFTER_VERIFICATION });
    await this.sendVerification(user, `${this.settings.PORTAL_URL}/api/auth/verify-email?${query.toString()}`);
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
