import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TcpHandle, detachHandle } from '../server/tcp-handle.js';
import { type HandedConnection, HandedOut } from './handed-out.js';

/** Answers each connection that it is given. */
const script = `
  const net = require('node:net');
  process.on('message', (message, handle) => new net.Socket({ handle, readable: true, writable: true }).end('here'));
  process.send('ready');
`;

let server: net.Server;
let child: ChildProcess;
let clients: Socket[];

beforeEach(async () => {
  server = net.createServer().listen(0, '127.0.0.1');
  child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  clients = [];
  await Promise.all([once(server, 'listening'), once(child, 'message')]);
});
afterEach(() => {
  for (const client of clients) client.destroy();
  server.close();
  child.kill('SIGKILL');
});

/** What a new client hears until its connection ends, and the other end of it. */
async function connect(): Promise<{ readonly heard: Promise<string>; readonly handle: TcpHandle }> {
  const client = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  clients.push(client);
  const [accepted] = (await once(server, 'connection')) as [Socket];
  const heard = new Promise<string>((resolve) => {
    let text = '';
    client.on('data', (chunk) => (text += chunk.toString())).on('error', () => undefined);
    client.on('close', () => resolve(text));
  });
  return { heard, handle: detachHandle(accepted)! };
}

describe('connections handed to a process', () => {
  it('are its own when they have come, also after its end', async () => {
    const lost: HandedConnection[] = [];
    const handedOut = new HandedOut(child, (connection) => lost.push(connection));
    const { heard, handle } = await connect();
    handedOut.hand({ handle, message: { kind: 'connection', isKept: false } });
    expect(await heard).toBe('here');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(lost).toEqual([]);
  });

  it('come back from one that died before it read of them, or are closed with it', async () => {
    const lost: HandedConnection[] = [];
    const handedOut = new HandedOut(child, (connection) => lost.push(connection));
    child.kill('SIGSTOP');
    const [written, queued] = [await connect(), await connect()];
    // Node sends one at a time: the first is with the process, the others wait for its word.
    handedOut.hand({ handle: written.handle, message: { kind: 'connection', isKept: false } });
    handedOut.hand({ handle: queued.handle, message: { kind: 'connection', isKept: true } });
    child.kill('SIGKILL');
    expect(await written.heard).toBe('');
    await expect.poll(() => lost).toHaveLength(1);
    expect(lost[0]).toEqual({ handle: queued.handle, message: { kind: 'connection', isKept: true } });
    queued.handle.close();
    expect(await queued.heard).toBe('');
  });
});
