import { afterEach, describe, expect, it } from 'vitest';
import type { UpstreamEntry } from '../snapshot/catalog.js';
import { UpstreamPools } from './upstream-pools.js';

const pools = new UpstreamPools(true);
afterEach(() => pools.close());

const at = (hostname: string | null, changes: Partial<UpstreamEntry> = {}): UpstreamEntry =>
  ({
    origin: 'http://orders.test',
    protocol: 'http1',
    connectTo: hostname === null ? null : { hostname, port: '80' },
    connectTimeoutMs: 1_000,
    tls: null,
    ...changes,
  }) as UpstreamEntry;

describe('the pools of upstreams', () => {
  it('are shared by targets of one place and way to connect, whatever catalogue they are of', () => {
    expect(pools.poolOf(at('10.0.0.1'))).toBe(pools.poolOf(at('10.0.0.1')));
    for (const other of [at(null), at('10.0.0.2'), at('10.0.0.1', { connectTimeoutMs: 2 })])
      expect(pools.poolOf(other)).not.toBe(pools.poolOf(at('10.0.0.1')));
    expect(pools.healthOf(at('10.0.0.1'))).toBe(pools.healthOf(at('10.0.0.1', { connectTimeoutMs: 2 })));
    expect(pools.healthOf(at('10.0.0.1'))).not.toBe(pools.healthOf(at('10.0.0.2')));
  });

  it('end where nobody goes any more, with what was known of the place, and begin anew for who comes late', async () => {
    const [stays, goes] = [at('10.0.0.1'), at('10.0.0.2')];
    const [kept, gone] = [pools.poolOf(stays), pools.poolOf(goes)];
    const busy = pools.healthOf(goes);
    busy.began(false);
    pools.keepOnly([at('10.0.0.1')]);
    expect(pools.poolOf(stays)).toBe(kept);
    expect(pools.healthOf(goes)).toBe(busy);
    expect(pools.poolOf(goes)).not.toBe(gone);
    await expect.poll(() => pools.size, { timeout: 2_000 }).toBe(2);
    busy.ended(false);
    pools.keepOnly([at('10.0.0.1')]);
    expect(pools.healthOf(goes)).not.toBe(busy);
    await expect.poll(() => pools.size, { timeout: 2_000 }).toBe(1);
  });
});
