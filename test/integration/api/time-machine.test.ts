import { createHmac } from 'node:crypto';
import { grantStaff } from '#services';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../support/database.js';
import { RunningApi } from './running-api.js';

const CLI = { kind: 'cli', id: null } as const;

describe('with the time machine', () => {
  it('moves the clock forward for everybody, and never back', async () => {
    const database = await createTestDatabase();
    const api = await RunningApi.start(database, { TIME_MACHINE: 'true' }, { systemClock: true });
    try {
      const operator = await api.signUp('Olly');
      await grantStaff(database.context, { email: operator.email, grant: { role: 'operator' }, actor: CLI });
      const to = new Date(Date.now() + 40 * 86_400_000).toISOString();
      const moved = await api.call<{ now: string }>('/api/v1/operator/clock', { as: operator, body: { to } });
      expect(moved.status).toBe(200);
      expect(moved.body.now >= to).toBe(true);
      expect((await api.call<{ now: string }>('/api/v1/settings')).body.now >= to).toBe(true);
      const back = await api.call('/api/v1/operator/clock', { as: operator, body: { to: '2026-01-01T00:00:00Z' } });
      expect(back).toMatchObject({ status: 409, body: { code: 'clock_backwards' } });
      expect((await api.call('/api/v1/session', { as: operator })).body).toMatchObject({
        user: { email: operator.email },
      });
      const later = Math.floor(Date.parse(to) / 1000) + 86_400;
      const send = (id: string, frozenTime: number) => sendClockEvent(api, id, frozenTime);
      await send('clock_other', later + 86_400);
      await send('clock_sandbox', later);
      await send('clock_sandbox', later - 86_400);
      const { now } = (await api.call<{ now: string }>('/api/v1/settings')).body;
      expect(Math.abs(Date.parse(now) / 1000 - later)).toBeLessThan(60);
    } finally {
      await api.stop();
      await database.dispose();
    }
  });
});

/** What the payment sandbox sends when its clock was moved. */
async function sendClockEvent(api: RunningApi, id: string, frozenTime: number): Promise<void> {
  const object = { id, object: 'test_helpers.test_clock', frozen_time: frozenTime };
  const body = JSON.stringify({
    id: `evt_${id}_${frozenTime}`,
    object: 'event',
    type: 'test_helpers.test_clock.ready',
    created: frozenTime,
    data: { object },
  });
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', 'whsec_test_secret').update(`${timestamp}.${body}`).digest('hex');
  const answer = await fetch(`${api.url}/api/webhooks/stripe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': `t=${timestamp},v1=${signature}` },
    body,
  });
  expect(answer.status).toBe(200);
}
