import { createTransport } from 'nodemailer';
import { MailError } from '../mail-error.js';
import type { Mail, Mailer } from '../mail.js';

export interface SmtpMailerSettings {
  /** `smtp://[user:password@]host:port`, or `smtps://…` for TLS from the first byte. */
  readonly url: string;
  /** The sender, with or without a display name ("Tollgate <no-reply@example.com>"). */
  readonly from: string;
}

const CONNECTION_TIMEOUT_MS = 10_000;
const SOCKET_TIMEOUT_MS = 30_000;
/** Of what a server says, which may be long. */
const MOST_OF_RESPONSE = 300;

/**
 * A mailer over SMTP (RFC 5321), with STARTTLS wherever the server offers it. The connection is made for each mail and
 * is given up after 10 s without an answer, or 30 s without traffic.
 */
export function createSmtpMailer(settings: SmtpMailerSettings): Mailer {
  const transport = createTransport(
    {
      url: settings.url,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      greetingTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      // A mail is only what it is given: nothing in it can make the server read a file or a URL.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from: settings.from },
  );
  return {
    async send(mail: Mail): Promise<void> {
      try {
        await transport.sendMail({
          // As an object the address is taken whole: a comma in it cannot add a second recipient.
          to: { name: '', address: mail.to },
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
        });
      } catch (error) {
        throw toMailError(error);
      }
    },
    close(): void {
      transport.close();
    },
  };
}

function toMailError(error: unknown): MailError {
  const responseCode = error instanceof Error && 'responseCode' in error ? error.responseCode : undefined;
  if (typeof responseCode === 'number' && responseCode >= 500) {
    const said = error instanceof Error && 'response' in error ? String(error.response) : `status ${responseCode}`;
    return new MailError('mail_refused', `The mail server refused the mail: ${said.slice(0, MOST_OF_RESPONSE)}`, {
      cause: error,
    });
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EENVELOPE' && responseCode === undefined) {
    return new MailError('mail_refused', 'The mail has no address that a mail server could accept.', { cause: error });
  }
  return new MailError(
    'mail_unavailable',
    'The mail server did not take the mail. Check SMTP_URL, or try again later.',
    {
      cause: error,
    },
  );
}
