import { appendFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aCustomer, aDraft, aSandbox, dataOf, idOf } from '../../../../test/support/stripe-sandbox/sandbox-client.js';

async function aStateFile(): Promise<string> {
  return path.join(await mkdtemp(path.join(tmpdir(), 'sandbox-')), 'state.jsonl');
}

describe('the state file', () => {
  it('keeps customers, cards, invoices, events and idempotency keys over a restart, in their order', async () => {
    const stateFile = await aStateFile();
    const key = { 'idempotency-key': 'once' };
    let invoice: string;
    let before: unknown[];
    {
      await using sandbox = await aSandbox({ stateFile });
      const customer = await aCustomer(sandbox.client);
      invoice = await aDraft(sandbox.client, customer, [100, 200, 300]);
      await sandbox.client.post('/v1/customers', { name: 'Bob' }, key);
      before = await snapshot(sandbox.client, invoice);
    }
    await using restarted = await aSandbox({ stateFile });
    expect(await snapshot(restarted.client, invoice)).toEqual(before);
    const replayed = await restarted.client.post('/v1/customers', { name: 'Bob' }, key);
    expect(replayed.headers.get('idempotent-replayed')).toBe('true');
  });

  it('has every acknowledged change on disk before the answer', async () => {
    const stateFile = await aStateFile();
    await using sandbox = await aSandbox({ stateFile });
    const id = idOf(await sandbox.client.post('/v1/customers', { name: 'Ada' }));
    expect(await readFile(stateFile, 'utf8')).toContain(id);
  });

  it('drops a last line that a crash cut off, and keeps what deletes said', async () => {
    const stateFile = await aStateFile();
    let kept: string;
    {
      await using sandbox = await aSandbox({ stateFile });
      kept = idOf(await sandbox.client.post('/v1/customers'));
      const gone = idOf(await sandbox.client.post('/v1/customers'));
      idOf(await sandbox.client.delete(`/v1/customers/${gone}`));
    }
    await appendFile(stateFile, '[["put","customers",{"id":"cus_torn"');
    await using restarted = await aSandbox({ stateFile });
    expect(dataOf(await restarted.client.get('/v1/customers')).map(({ id }) => id)).toEqual([kept]);
  });

  it('that is not ours is refused with its place, and left as it is', async () => {
    const stateFile = await aStateFile();
    await writeFile(stateFile, 'hello\n');
    await expect(aSandbox({ stateFile })).rejects.toThrow('Line 1');
    expect(await readFile(stateFile, 'utf8')).toBe('hello\n');
  });
});

async function snapshot(client: Parameters<typeof aCustomer>[0], invoice: string): Promise<unknown[]> {
  const paths = ['/v1/customers', '/v1/payment_methods', `/v1/invoices/${invoice}`, '/v1/events?limit=100'];
  const answers = await Promise.all(paths.map((each) => client.get(each)));
  return answers.map(({ body }) => body);
}
