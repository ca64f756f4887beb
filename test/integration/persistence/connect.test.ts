import { connectDataSource } from '#persistence';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';
import { startTcpProxy } from '../../support/tcp-proxy.js';

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.dispose());

describe('connecting at the start of a process', () => {
  it('waits for a database that is away, and says so once', async () => {
    const way = await startTcpProxy(database.appUrl);
    way.cut();
    const onAway = vi.fn<(error: unknown) => void>();
    const connecting = connectDataSource({ url: way.url, processName: 'test' }, onAway);
    await vi.waitFor(() => expect(onAway).toHaveBeenCalled(), 5_000);
    way.restore();
    const dataSource = await connecting;
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(onAway).toHaveBeenCalledOnce();
    await dataSource.destroy();
    await way.close();
  });

  it('does not wait for one that refuses', async () => {
    const onAway = vi.fn<(error: unknown) => void>();
    const url = new URL(database.appUrl);
    url.pathname = '/there-is-no-such-database';
    await expect(connectDataSource({ url: url.href, processName: 'test' }, onAway)).rejects.toThrow(/does not exist/);
    expect(onAway).not.toHaveBeenCalled();
  });
});
