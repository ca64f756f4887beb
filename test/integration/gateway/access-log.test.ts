import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { RawConnection } from '../../support/raw-http.js';

let under: GatewayUnderTest;
let file: string;
let descriptor: number;

beforeAll(async () => {
  file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-access-log-')), 'log');
  descriptor = fs.openSync(file, 'a');
  under = await startGatewayUnderTest({}, { accessLog: 'all', accessLogDescriptor: descriptor });
});
afterAll(async () => {
  await under.dispose();
  fs.closeSync(descriptor);
  fs.rmSync(path.dirname(file), { recursive: true });
});

const lines = () => fs.readFileSync(file, 'utf8').split('\n').slice(0, -1);
async function lineOf(requestId: unknown): Promise<Record<string, unknown>> {
  const found = await eventually(
    () => lines().find((line) => line.includes(String(requestId))),
    (line) => line !== undefined,
  );
  return JSON.parse(found!) as Record<string, unknown>;
}

describe('the access log', () => {
  it('has one line for a call, with how it ended and who made it', async () => {
    const answer = await under.call('/things/7');
    const line = await lineOf(answer.headers['tollgate-request-id']);
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(line).toMatchObject({
      level: 'info',
      name: 'gateway',
      msg: 'request',
      client: '127.0.0.1',
      method: 'GET',
      path: `${under.catalog.version.basePath}/things/7`,
      status: 200,
      outcome: 'delivered',
      reason: 'ok',
      billable: true,
      bytesOut: event.bytesOut,
      apiVersionId: under.catalog.version.id,
      operation: 'getThing',
      organizationId: under.consumer.application.organizationId,
      applicationId: under.consumer.application.id,
      key: `tg_live_${under.consumer.credential.keyId}`,
    });
    expect(line['durationMs']).toBeGreaterThanOrEqual(line['upstreamMs'] as number);
    expect(Date.parse(String(line['time']))).not.toBeNaN();
    expect(lines().filter((text) => text.includes(String(line['requestId'])))).toHaveLength(1);
  });

  it('says why a call was refused', async () => {
    const answer = await under.call('/things', { key: under.consumer.key.replace(/.$/, '_') });
    const line = await lineOf(answer.headers['tollgate-request-id']);
    expect(line).toMatchObject({ status: 401, code: 'invalid_api_key', reason: 'key_malformed' });
  });

  it('has a line for what could not be read', async () => {
    const connection = await RawConnection.open(under.origin);
    connection.send('GET / HTTP/1.1', 'bad header', '', '');
    await connection.untilClosed();
    await eventually(
      () => lines().some((line) => line.includes('"code":"malformed_request"')),
      (isThere) => isThere,
    );
  });

  it('contains no key, no cookie and no query, wherever they were sent', async () => {
    const { key } = under.consumer;
    const secret = key.split('_')[3]!;
    const answers = [
      await under.call('/things?api_key=hidden-query', { headers: { cookie: 'session=hidden-cookie' } }),
      await under.call(`/things/${key}`),
      await under.call('/things', { key: '', headers: { authorization: `Bearer ${key}` } }),
      await under.call(`/nowhere/${key}?token=hidden-query`),
      await under.call('/things#hidden-query'),
    ];
    for (const answer of answers) await lineOf(answer.headers['tollgate-request-id']);
    const text = fs.readFileSync(file, 'utf8');
    expect(text).not.toContain(secret);
    expect(text).not.toMatch(/hidden-/);
    expect(text).toContain(`/things/tg_live_${under.consumer.credential.keyId}_[secret]`);
  });
});
