import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Inbox } from './inbox.js';
import { linksOf } from './links.js';
import type { MessageContent } from './message.js';

const MAX_MAIL_BYTES = 10 * 1024 * 1024;

/** An SMTP server that takes every mail and puts it into `inbox`. For the same machine only: no TLS, no passwords. */
export function createSmtp(inbox: Inbox): SMTPServer {
  return new SMTPServer({
    size: MAX_MAIL_BYTES,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData(stream, session, done) {
      void take(inbox, stream, session, done);
    },
  });
}

async function take(
  inbox: Inbox,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  done: (error?: Error | null) => void,
): Promise<void> {
  try {
    const content = await receive(stream, session);
    if (stream.sizeExceeded) throw Object.assign(new Error('The mail is larger than 10 MiB.'), { responseCode: 552 });
    inbox.add(content);
    done();
  } catch (error) {
    done(error instanceof Error ? error : new Error('The mail cannot be read.', { cause: error }));
  }
}

async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<MessageContent> {
  const mail = await simpleParser(stream, { skipImageLinks: true, skipTextToHtml: true });
  const html = typeof mail.html === 'string' ? mail.html : null;
  const text = mail.text ?? '';
  const { mailFrom, rcptTo } = session.envelope;
  return {
    from: mail.from?.value[0]?.address ?? (mailFrom === false ? '' : mailFrom.address),
    to: rcptTo.map(({ address }) => address),
    subject: mail.subject ?? '',
    text,
    html,
    links: linksOf(text, html),
  };
}
