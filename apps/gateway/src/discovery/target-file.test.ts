import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TargetFile } from './target-file.js';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-targets-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const write = (text: string, file = 'orders.yaml') => fs.writeFileSync(path.join(folder, file), text);
const open = (file = 'orders.yaml', allowsPrivate = true) => new TargetFile({ folder, file, allowsPrivate });

describe('a file of targets', () => {
  it('is YAML or JSON, and is read again only when it has changed', async () => {
    write(
      'targets:\n  - { host: 10.0.0.1, port: 8080, weight: 3 }\n  - { host: orders-2.internal }\n  - host: "::1"\n',
    );
    const file = open();
    expect((await file.read())?.targets).toEqual([
      { host: '10.0.0.1', port: 8080, weight: 3, priority: 0 },
      { host: '::1', port: null, weight: 1, priority: 0 },
      { host: 'orders-2.internal', port: null, weight: 1, priority: 0 },
    ]);
    expect(await file.read()).toBeNull();
    write('{"targets": [{"host": "10.0.0.22"}]}');
    expect((await file.read())?.targets).toMatchObject([{ host: '10.0.0.22' }]);
  });

  it.each([
    ['targets: [', 'Flow sequence'],
    ['targets: []', 'the answer is empty'],
    ['targets: [{ host: "10.0.0.1/x" }]', 'expected a host name, or an IP address'],
    ['targets: [{ host: a.internal, port: 0 }]', 'targets[0].port'],
    ['targets: [{ host: a.internal, hots: 1 }]', 'Unrecognized key: "hots"'],
    ['targets: [{ host: 169.254.169.254 }]', 'targets.0.host: no upstream may be at 169.254.169.254'],
  ])('says what is wrong with "%s", as often as it is asked', async (text, fault) => {
    write(text);
    const file = open();
    await expect(file.read()).rejects.toThrow(fault);
    await expect(file.read()).rejects.toThrow(fault);
  });

  it('is told of when it is not there, or too long, or leads where the operator does not allow', async () => {
    await expect(open('gone.yaml').read()).rejects.toThrow('ENOENT');
    write(`targets: [{ host: a.internal }]\n${'#'.repeat(1024 * 1024)}`);
    await expect(open().read()).rejects.toThrow('it has more than 1048576 bytes');
    write('targets: [{ host: 10.0.0.1 }]');
    await expect(open('orders.yaml', false).read()).rejects.toThrow('no upstream may be at 10.0.0.1');
  });
});
