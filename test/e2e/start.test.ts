import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Installation, eventually, makeHome } from '../support/installation.js';
import { processesOf } from '../support/processes.js';

const asRoot = process.getuid?.() === 0;
const linux = process.platform === 'linux';

async function callDemo({ ready }: Installation): Promise<number> {
  const answer = await fetch(`${ready.gatewayUrl}/atlas/v1/countries/NZ`, { headers: { 'x-api-key': ready.key } });
  await answer.arrayBuffer();
  return answer.status;
}

describe('npm start', () => {
  const homes: string[] = [];
  const running: Installation[] = [];
  const home = (): string => {
    const folder = makeHome();
    homes.push(folder);
    return folder;
  };
  const start = async (options: Parameters<typeof Installation.start>[0]): Promise<Installation> => {
    const installation = await Installation.start(options);
    running.push(installation);
    return installation;
  };
  afterEach(async () => {
    for (const installation of running.splice(0)) await installation.stop();
    for (const folder of homes.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
  });

  describe('in one folder that is private', () => {
    // Which nobody else may enter: Postgres, which root may not run, runs as another user there.
    const secluded = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-private-'));
    const folder = path.join(secluded, 'home');
    let first: Installation['ready'];
    afterAll(() => fs.rmSync(secluded, { recursive: true, force: true }));

    it.skipIf(!linux)('serves the demo with the printed key, and stops without a process left', async () => {
      const installation = await start({ home: folder });
      first = installation.ready;
      expect(await callDemo(installation)).toBe(200);
      expect(first.signIns.map(({ role }) => role)).toEqual(['consumer', 'publisher', 'finance', 'operator']);
      expect(await installation.stop()).toBe(0);
      expect(processesOf(folder)).toEqual([]);
    });

    it.skipIf(!linux)(
      'starts again with the same key, refuses to be started twice, and leaves nothing when it is killed',
      async () => {
        const second = await start({ home: folder });
        expect(second.ready.key).toBe(first.key);
        expect(await callDemo(second)).toBe(200);
        console.log(`first start ${first.seconds} s, second start ${second.ready.seconds} s (built before)`);
        await expect(start({ home: folder })).rejects.toThrow(/already runs from .* TOLLGATE_HOME/);
        expect(await callDemo(second)).toBe(200);
        await second.stop('SIGKILL');
        await eventually('every process ends', () => processesOf(folder).length === 0, 30_000);
      },
    );

    it.skipIf(!linux)('starts again from what it left when it was killed, and stops by Ctrl-C', async () => {
      const third = await start({ home: folder });
      expect(await callDemo(third)).toBe(200);
      expect(await third.stop('SIGINT')).toBe(0);
      expect(processesOf(folder)).toEqual([]);
    });
  });

  it('names the setting when a port that was asked for is taken', async () => {
    const holder = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as net.AddressInfo;
    const started = start({ home: home(), settings: { GATEWAY_PORT: String(port) } });
    await expect(started).rejects.toThrow(`Port ${port} is taken. Free it, or set GATEWAY_PORT to another one.`);
    holder.close();
  });

  it.skipIf(!asRoot || !linux)('works for an ordinary user (only root can become one)', async () => {
    const folder = home();
    fs.chownSync(folder, 65534, 65534);
    const installation = await start({ home: folder, uid: 65534 });
    expect(await callDemo(installation)).toBe(200);
    expect(fs.statSync(path.join(folder, 'secrets.json'))).toMatchObject({ uid: 65534 });
    expect(fs.statSync(path.join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
  });
});
