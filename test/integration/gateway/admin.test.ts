import http from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, call, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest({}, { bounds: { maxConnections: 2, maxHeaderBytes: 4_096 } });
});
afterAll(() => under.dispose());

const admin = (path: string) => call(`http://127.0.0.1:${under.gateway.adminPort}${path}`);

describe('the admin port', () => {
  it('says that the process lives, and that it is ready', async () => {
    expect((await admin('/livez')).status).toBe(200);
    expect((await admin('/healthz')).status).toBe(200);
    const ready = await admin('/readyz');
    expect(ready.status).toBe(200);
    expect(ready.json()).toMatchObject({ isReady: true, reasons: [], journal: 'writing' });
    expect(ready.json()['journalDiskUsed']).toBeGreaterThan(0);
  });

  it('counts calls by API version, outcome and class of status, and refusals by code', async () => {
    await under.call('/things');
    under.upstream.answer(404);
    await under.call('/things');
    under.upstream.answer();
    await under.call('/things', { key: 'nonsense' });
    const text = (await admin('/metrics')).body;
    const { id, basePath } = under.catalog.version;
    const labels = (status: string) =>
      `api_version="${id}",base_path="${basePath}",outcome="delivered",status="${status}"`;
    expect(text).toContain(`tollgate_gateway_requests_total{${labels('2xx')}} 1\n`);
    expect(text).toContain(`tollgate_gateway_requests_total{${labels('4xx')}} 1\n`);
    expect(text).toContain(
      'tollgate_gateway_refusals_total{code="invalid_api_key",reason="key_malformed",status="401"} 1\n',
    );
    expect(text).toContain('tollgate_gateway_request_seconds_count 2\n');
    expect(text).toContain('tollgate_gateway_upstream_seconds_count 2\n');
    for (const name of [
      'snapshot_age_seconds',
      'open_requests',
      'unacknowledged_segments',
      'journal_bytes',
      'journal_lag_seconds',
      'journal_disk_used_ratio',
      'quota_leases',
    ])
      expect(text).toMatch(new RegExp(`^tollgate_gateway_${name} [\\d.e+-]+$`, 'm'));
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds/m);
  });
});

describe('the bounds of a gateway', () => {
  it('refuse a head that is larger than the setting', async () => {
    expect((await under.call('/things', { headers: { 'x-long': 'x'.repeat(3_000) } })).status).toBe(200);
    expect((await under.call('/things', { headers: { 'x-long': 'x'.repeat(5_000) } })).status).toBe(431);
  });

  it('close connections above the setting, and take new ones when others have gone', async () => {
    const port = Number(new URL(under.origin).port);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
    await Promise.all([under.call('/things', { agent }), under.call('/things', { agent })]);
    const third = net.connect(port, '127.0.0.1');
    third.on('error', () => undefined);
    await new Promise((resolve) => third.once('close', resolve));
    agent.destroy();
    await expect
      .poll(() =>
        under.call('/things').then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
  });
});
