import { type Mailer, invitationMail } from '#mail';
import type { Logger } from '#observability';
import type { SentInvitation } from '#services';
import type { ApiSettings } from '../tokens.js';

/**
 * Sends the mails of invitations behind the answer, so that their tokens are written down nowhere on the way. What cannot
 * be sent is logged: the invitation can be sent again.
 */
export class InvitationMails {
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly mailer: Mailer,
    private readonly settings: Pick<ApiSettings, 'PORTAL_URL' | 'PORTAL_NAME'>,
    private readonly logger: Logger,
  ) {}

  send(
    { invitation: { email, role, expiresAt }, token }: SentInvitation,
    names: { readonly organizationName: string; readonly inviterName: string },
  ): void {
    const { PORTAL_URL: portalUrl, PORTAL_NAME: portalName } = this.settings;
    const url = `${portalUrl}/invitation?${new URLSearchParams({ token }).toString()}`;
    const mail = invitationMail({ ...names, role, expiresAt, url, portalName });
    const sending = this.mailer
      .send({ to: email, ...mail })
      .catch((err: unknown) => this.logger.error({ err }, 'a mail could not be sent'))
      .finally(() => this.underWay.delete(sending));
    this.underWay.add(sending);
  }

  /** Resolves when no mail is under way any more. */
  async settle(): Promise<void> {
    await Promise.all(this.underWay);
  }
}
