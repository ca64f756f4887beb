import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener } from 'node:http';
import type { BillabilityRules, BillableWhenRule, MeterBinding, UsageEvent } from '#domain';
import { afterEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';
import { aCredential } from '../../support/factories.js';

let under: GatewayUnderTest;
afterEach(() => under.dispose());

interface Setting {
  readonly billability?: BillabilityRules;
  readonly billableWhen?: readonly BillableWhenRule[];
  readonly value?: MeterBinding['value'];
}

async function start({ billability, billableWhen, value }: Setting): Promise<void> {
  under = await startGatewayUnderTest({
    meters: [
      { slug: 'requests', bindings: [{ selector: '*', weight: '1' }] },
      ...(value ? [{ slug: 'bytes', bindings: [{ selector: '*', weight: '1', value }] }] : []),
    ],
    definition: billability ? { billability } : {},
    ...(billableWhen ? { version: { policies: { billableWhen } } } : {}),
  });
}

async function eventOf(place: string, status: number): Promise<Pick<UsageEvent, 'billable' | 'countsToQuota'>> {
  const answer = await under.call(place);
  expect(answer.status).toBe(status);
  const { billable, countsToQuota, reason } = await under.eventOf(answer.headers['tollgate-request-id']);
  expect(answer.headers['usage']).toBe(`"requests";cost=1;billable=?${billable ? 1 : 0};reason="${reason}"`);
  return { billable, countsToQuota };
}

/** Calls and goes away once the upstream was reached. */
async function abandon(listener: RequestListener, until: 'reached' | 'data'): Promise<UsageEvent> {
  const reached = Promise.withResolvers<void>();
  under.upstream.handle((request, response) => {
    listener(request, response);
    reached.resolve();
  });
  const request = http.get(`${under.url}/things`, { agent: false, headers: { 'x-api-key': under.consumer.key } });
  request.on('error', () => undefined);
  if (until === 'reached') await reached.promise;
  else await once(((await once(request, 'response')) as [IncomingMessage])[0], 'data');
  request.destroy();
  return (await eventually(
    async () => (await under.events()).at(-1),
    (event) => event !== undefined,
  ))!;
}

describe('under a plan that changes rows of the table', () => {
  it.each<[string, BillabilityRules, number]>([
    ['a success can be free', { success: { billable: false, quota: false } }, 200],
    ['a redirect can be billed', { redirect: { billable: true, quota: true } }, 302],
    ['a client error can be billed', { clientError: { billable: true, quota: true } }, 404],
  ])('%s', async (_, billability, status) => {
    await start({ billability });
    under.upstream.answer(status, '{}');
    const wanted = status !== 200;
    expect(await eventOf('/things', status)).toEqual({ billable: wanted, countsToQuota: wanted });
  });

  it('a client error is billed of the operations named only', async () => {
    await start({ billability: { clientError: { billable: true, quota: true, operations: ['getThing'] } } });
    under.upstream.answer(404, '{}');
    expect(await eventOf('/things/1', 404)).toEqual({ billable: true, countsToQuota: true });
    expect(await eventOf('/things', 404)).toEqual({ billable: false, countsToQuota: false });
  });

  it('a failure of the upstream is not billed, whatever the plan says', async () => {
    await start({ billability: { serverError: { billable: true, quota: true } } });
    under.upstream.answer(500, '{}');
    expect(await eventOf('/things', 500)).toEqual({ billable: false, countsToQuota: false });
  });

  it('a call abandoned before the answer can be billed, or use no quota', async () => {
    await start({ billability: { abortedBeforeHead: { billable: true, quota: false } } });
    const event = await abandon(() => undefined, 'reached');
    expect(event).toMatchObject({ status: 499, billable: true, countsToQuota: false });
  });

  it('a call abandoned in the middle of its answer can be free', async () => {
    await start({ billability: { abortedAfterHead: { billable: false, quota: false } } });
    const event = await abandon((_request, response) => response.writeHead(200).write('part'), 'data');
    expect(event).toMatchObject({ status: 200, billable: false, countsToQuota: false });
  });

  it('an answer that breaks can be billed for the bytes that passed', async () => {
    await start({
      billability: { brokenAfterHead: { valueMeters: true } },
      value: { from: 'response_bytes', maximum: '1000' },
    });
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { 'content-length': 500 });
      response.write('four', () => response.destroy());
    });
    await expect(under.call('/things')).rejects.toThrow();
    const [event] = await eventually(
      () => under.events(),
      (events) => events.length === 1,
    );
    expect(event).toMatchObject({ outcome: 'upstream_broke', status: 200, billable: true, quantities: { bytes: '4' } });
    expect(event!.quantities).not.toHaveProperty('requests');
  });
});

describe('by default', () => {
  it('an answer that breaks is free, bytes and all', async () => {
    await start({ value: { from: 'response_bytes', maximum: '1000' } });
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { 'content-length': 500 });
      response.write('four', () => response.destroy());
    });
    await expect(under.call('/things')).rejects.toThrow();
    const [event] = await eventually(
      () => under.events(),
      (events) => events.length === 1,
    );
    expect(event).toMatchObject({ outcome: 'upstream_broke', billable: false, countsToQuota: false });
  });

  it('HEAD is billed as GET is', async () => {
    await start({});
    const answer = await under.call('/things', { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({
      method: 'HEAD',
      operation: 'listThings',
      billable: true,
      countsToQuota: true,
    });
  });

  it('a test key is never billed', async () => {
    await start({ billability: { test: { billable: true } } });
    const { key } = await aCredential(under.database, { application: under.consumer.application, mode: 'test' });
    await under.sync();
    const answer = await under.call('/things', { key });
    expect(await under.eventOf(answer.headers['tollgate-request-id'])).toMatchObject({
      mode: 'test',
      billable: false,
      countsToQuota: false,
    });
  });
});

describe('a 200 that is an error in truth', () => {
  it('is free when a header says so', async () => {
    await start({ billableWhen: [{ selector: 'listThings', header: 'X-Result', noneOf: ['failed'] }] });
    under.upstream.answer(200, '{}', { 'x-result': 'failed' });
    expect(await eventOf('/things', 200)).toEqual({ billable: false, countsToQuota: false });
    expect(await eventOf('/things/1', 200)).toEqual({ billable: true, countsToQuota: true });
    under.upstream.answer(200, '{}', { 'x-result': 'fine' });
    expect(await eventOf('/things', 200)).toEqual({ billable: true, countsToQuota: true });
  });

  it('is free when its body says so; the receipt leaves it open', async () => {
    await start({ billableWhen: [{ selector: '*', pointer: '/ok', oneOf: ['true'] }] });
    under.upstream.answer(200, '{"ok":false}');
    const failed = await under.call('/things');
    expect(failed.headers['usage']).toBe('"requests";state=reserved;max=1');
    expect(await under.eventOf(failed.headers['tollgate-request-id'])).toMatchObject({
      reason: 'soft_error',
      billable: false,
      countsToQuota: false,
    });
    under.upstream.answer(200, '{"ok":true}');
    const fine = await under.call('/things');
    expect(await under.eventOf(fine.headers['tollgate-request-id'])).toMatchObject({ reason: 'ok', billable: true });
  });
});
