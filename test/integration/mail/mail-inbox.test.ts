import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSmtpMailer, invoicePaidMail, MailError, passwordResetMail, verificationMail } from '#mail';
import type { Message } from '../../../apps/mail-inbox/src/message.js';
import { type MailInbox, startMailInbox } from '../../../apps/mail-inbox/src/server.js';
import { runApp } from '../run-app.js';

const FROM = 'Tollgate <no-reply@tollgate.example>';
let inbox: MailInbox;

beforeEach(async () => {
  inbox = await startMailInbox({ smtpPort: 0, httpPort: 0 }, () => Date.parse('2026-11-01T12:00:00Z'));
});
afterEach(() => inbox.stop());

async function messages(): Promise<readonly Message[]> {
  const answer = (await (await fetch(`${inbox.httpUrl}/messages`)).json()) as { readonly messages: readonly Message[] };
  return answer.messages;
}

describe('a mail from the mailer to the inbox', () => {
  it('arrives whole in both forms, with its links', async () => {
    const mailer = createSmtpMailer({ url: inbox.smtpUrl, from: FROM });
    const url = 'https://portal.example.com/verify-email?token=abc&next=%2Fdocs';
    const mail = { to: 'ada@example.com', ...verificationMail({ name: 'Ada Löwe 🦁', url, portalName: 'Atlas & Co' }) };
    await mailer.send(mail);
    mailer.close();
    const [message] = await messages();
    expect(message).toMatchObject({
      id: '1',
      from: 'no-reply@tollgate.example',
      to: ['ada@example.com'],
      subject: mail.subject,
      receivedAt: '2026-11-01T12:00:00.000Z',
      links: [url],
    });
    expect(message?.text.trimEnd()).toBe(mail.text.trimEnd());
    expect(message?.html?.trimEnd()).toBe(mail.html.trimEnd());
  });

  it('is found by its id, newest first, until the inbox is emptied', async () => {
    const mailer = createSmtpMailer({ url: inbox.smtpUrl, from: FROM });
    const content = { name: 'Ada', url: 'https://portal.example.com/reset', portalName: 'Atlas' };
    await mailer.send({ to: 'first@example.com', ...passwordResetMail(content) });
    await mailer.send({
      to: 'second@example.com',
      ...invoicePaidMail({ organization: 'Ada', number: 'TG-1', amount: 'USD 1.00', url: content.url }),
    });
    mailer.close();
    expect((await messages()).map(({ to }) => to)).toEqual([['second@example.com'], ['first@example.com']]);
    expect(await (await fetch(`${inbox.httpUrl}/messages/1`)).json()).toMatchObject({ to: ['first@example.com'] });
    expect((await fetch(`${inbox.httpUrl}/messages`, { method: 'DELETE' })).status).toBe(204);
    expect(await messages()).toEqual([]);
    expect((await fetch(`${inbox.httpUrl}/messages/1`)).status).toBe(404);
  });

  it.each([
    'a@example.com, eve@example.com',
    'Ada <eve@example.com>, a@example.com',
    'a@example.com\r\nBcc: eve@example.com',
  ])('goes to nobody when the address is %j', async (to) => {
    const mailer = createSmtpMailer({ url: inbox.smtpUrl, from: FROM });
    const content = verificationMail({ name: 'x', url: 'https://x.example/', portalName: 'x' });
    await expect(mailer.send({ to, ...content })).rejects.toMatchObject({ name: MailError.name, code: 'mail_refused' });
    mailer.close();
    expect(await messages()).toEqual([]);
  });
});

describe('createSmtpMailer', () => {
  const mail = {
    to: 'ada@example.com',
    ...verificationMail({ name: 'x', url: 'https://x.example/', portalName: 'x' }),
  };

  it('calls a server that cannot be reached unavailable', async () => {
    const { smtpUrl } = inbox;
    inbox.stop();
    const sending = createSmtpMailer({ url: smtpUrl, from: FROM }).send(mail);
    await expect(sending).rejects.toMatchObject({ code: 'mail_unavailable', cause: expect.any(Error) });
  });

  it('calls a mail that the server will never take refused', async () => {
    const mailer = createSmtpMailer({ url: inbox.smtpUrl, from: FROM });
    const tooLarge = { ...mail, text: 'x'.repeat(11 * 1024 * 1024) };
    await expect(mailer.send(tooLarge)).rejects.toMatchObject({ code: 'mail_refused' });
    await expect(mailer.send({ ...mail, to: '' })).rejects.toMatchObject({ code: 'mail_refused' });
    expect(await messages()).toEqual([]);
  });
});

describe('the mail inbox over HTTP', () => {
  it('can be read in a browser, without running anything of a mail', async () => {
    const mailer = createSmtpMailer({ url: inbox.smtpUrl, from: FROM });
    const html = '<script>alert(1)</script><a href="https://x.example/?a=1&amp;b=2">x</a>';
    await mailer.send({
      to: 'ada@example.com',
      subject: '<script>alert(2)</script>',
      text: '<script>alert(3)</script>',
      html,
    });
    mailer.close();
    const page = await fetch(`${inbox.httpUrl}/`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const content = await page.text();
    expect(content).not.toContain('<script');
    expect(content).toContain('<a href="https://x.example/?a=1&#38;b=2">');
    const asSent = await fetch(`${inbox.httpUrl}/messages/1/html`);
    expect(asSent.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await asSent.text()).toContain('https://x.example/');
  });

  it.each(['inbox.evil.example', 'evil.example:80', ''])('tells nothing to a page that calls it "%s"', async (host) => {
    const socket = connect(Number(new URL(inbox.httpUrl).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.end(`GET /messages HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    await once(socket, 'close');
    expect(Buffer.concat(chunks).toString('latin1')).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('refuses other methods and paths', async () => {
    const put = await fetch(`${inbox.httpUrl}/messages`, { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE']);
    expect((await fetch(`${inbox.httpUrl}/messages/1`, { method: 'DELETE' })).status).toBe(405);
    expect((await fetch(`${inbox.httpUrl}/nothing`)).status).toBe(404);
    const head = await fetch(`${inbox.httpUrl}/messages`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '15', '']);
  });
});

describe('the mail inbox as a process', () => {
  it('says when both ports listen, and stops at SIGTERM although a sender is connected', async () => {
    const app = runApp('mail-inbox', ['--smtp-port', '0', '--http-port', '0']);
    const line = await app.firstLine();
    const [, smtpPort, httpUrl] =
      /^mail-inbox listening on smtp:\/\/127\.0\.0\.1:(\d+) and (http:\/\/127\.0\.0\.1:\d+)$/.exec(line) ?? [];
    expect((await fetch(`${httpUrl}/messages`)).status).toBe(200);
    const sender = connect(Number(smtpPort), '127.0.0.1');
    await once(sender, 'data');
    app.child.kill('SIGTERM');
    expect(await app.ended()).toEqual({ code: 0, signal: null });
  });

  it('refuses a command line that it does not know, and a port that is taken', async () => {
    const unknown = runApp('mail-inbox', ['--port', '1']);
    expect((await unknown.ended()).code).toBe(1);
    expect(unknown.errors()).toContain('Usage: mail-inbox [--smtp-port 4025] [--http-port 4026]');
    for (const [option, url] of [
      ['--smtp-port', inbox.smtpUrl],
      ['--http-port', inbox.httpUrl],
    ] as const) {
      const other = option === '--smtp-port' ? '--http-port' : '--smtp-port';
      const second = runApp('mail-inbox', [option, new URL(url).port, other, '0']);
      expect((await second.ended()).code).toBe(1);
      expect(second.errors()).toContain('EADDRINUSE');
    }
  });
});
