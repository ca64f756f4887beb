import { giveUpMail, grantStaff, readInstallationHealth } from '#services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { type Person, RunningApi } from './running-api.js';

interface Mails {
  readonly mails: readonly {
    readonly id: string;
    readonly to: string;
    readonly subject: string;
    readonly reason: string;
    readonly writtenAt: string;
    readonly givenUpAt: string;
  }[];
  readonly next: string | null;
}

const DAY_MS = 86_400_000;

describe('mails that could not be delivered, for operators', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let operator: Person;
  let stranger: Person;

  beforeAll(async () => {
    database = await createTestDatabase('2026-11-10T10:00:00Z');
    api = await RunningApi.start(database);
    operator = await api.signUp('Olga');
    stranger = await api.signUp('Sam');
    const actor = { kind: 'cli', id: null } as const;
    await grantStaff(database.context, { email: operator.email, grant: { role: 'operator' }, actor });
    await rows(`DELETE FROM outbox`);
  });
  afterAll(async () => {
    await api.stop();
    await database.dispose();
  });

  const rows = <Row>(sql: string) => database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql));
  const list = async (query = '') => (await api.call<Mails>(`/api/v1/operator/mails${query}`, { as: operator })).body;
  const act = (address: string, method = 'POST', as = operator) =>
    api.call<{ code?: string }>(`/api/v1/operator/mails${address}`, { method, as });
  const waiting = async () =>
    (
      await rows<{ payload: { to: string; subject: string; text: string } }>(`SELECT payload FROM outbox ORDER BY id`)
    ).map(({ payload: { to, subject, text } }) => `${to}: ${subject}: ${text}`);
  async function giveUp(to: string, subject: string): Promise<string> {
    const mailId = database.context.ids.next();
    const mail = { mailId, to, subject, text: `Secret of ${subject}`, html: '<p>secret</p>' };
    await giveUpMail(database.context, mail, 'The mail server refused the mail with status 550.');
    return mailId;
  }

  it('are listed with the reason, the last first, and without what is in them', async () => {
    const writtenAt = database.clock.now();
    const first = await giveUp('ada@example.com', 'First');
    database.clock.moveTo(database.clock.nowMs() + 60_000);
    const second = await giveUp('bob@example.com', 'Second');
    const page = await list('?limit=1');
    expect(page.mails).toMatchObject([{ id: second, subject: 'Second', reason: expect.stringContaining('550') }]);
    const rest = await list(`?limit=1&after=${page.next}`);
    expect(rest).toMatchObject({
      mails: [{ id: first, to: 'ada@example.com', writtenAt: writtenAt.toISOString() }],
      next: null,
    });
    expect(JSON.stringify([page, rest])).not.toMatch(/secret/i);
    const { findings } = await readInstallationHealth(database.context, '1');
    expect(findings.map(({ code }) => code)).toContain('mails_undelivered');
  });

  it('are sent again as they were written, one or all, which is in the audit log', async () => {
    const { mails } = await list();
    expect((await act(`/${mails[1]!.id}/send-again`)).status).toBe(204);
    expect(await waiting()).toEqual(['ada@example.com: First: Secret of First']);
    expect((await act(`/${mails[1]!.id}/send-again`)).body.code).toBe('mail_not_found');
    await giveUp('cleo@example.com', 'Third');
    expect((await act('/send-again')).status).toBe(204);
    expect(await waiting()).toHaveLength(3);
    expect((await list()).mails).toEqual([]);
    expect((await act('/send-again')).status).toBe(204);
    expect(await waiting()).toHaveLength(3);
    const acts = await rows<{ act: string }>(
      `SELECT action || ' ' || noun_id AS act FROM audit_log WHERE noun = 'mail' ORDER BY id`,
    );
    expect(acts.map(({ act: one }) => one)).toEqual([`resent ${mails[1]!.id}`, 'resent all']);
  });

  it('are forgotten by an operator, and after ninety days', async () => {
    const one = await giveUp('ada@example.com', 'One');
    expect((await act(`/${one}`, 'DELETE')).status).toBe(204);
    expect((await act(`/${one}`, 'DELETE')).body.code).toBe('mail_not_found');
    await giveUp('old@example.com', 'Old');
    database.clock.moveTo(database.clock.nowMs() + 90 * DAY_MS);
    await giveUp('new@example.com', 'New');
    expect((await list()).mails.map(({ subject }) => subject)).toEqual(['Old', 'New'].toReversed());
    database.clock.moveTo(database.clock.nowMs() + 1);
    await giveUp('newest@example.com', 'Newest');
    expect((await list()).mails.map(({ subject }) => subject)).toEqual(['Newest', 'New']);
  });

  it('are nobody else’s business', async () => {
    for (const [address, method] of [
      ['', 'GET'],
      ['/send-again', 'POST'],
      [`/${database.context.ids.next()}`, 'DELETE'],
    ] as const)
      expect((await act(address, method, stranger)).status).toBe(403);
  });
});
