import fs from 'node:fs';
import path from 'node:path';
import { eventually } from '../pause.mjs';

/** H9: the supervisor puts new gateway processes in the place of all, again and again. */
export const gatewayReloaded = {
  id: 'H9',
  title: 'rolling reload × 20',
  minutes: 2,
  figure: '0 failed, 0 lost',
  gateways: 2,
  async run({ installation, processes, isQuick }) {
    const { gateway } = installation;
    const logFile = path.join(processes.logFolder, `${gateway.name}.log`);
    const reloads = () => fs.readFileSync(logFile, 'utf8').split('"msg":"reloaded"').length - 1;
    const wanted = isQuick ? 3 : 20;
    for (let count = 1; count <= wanted; count++) {
      gateway.child.kill('SIGHUP');
      await eventually(`reload ${count}`, () => reloads() >= count, 120_000);
    }
    return { reloads: reloads() };
  },
  judge({ outcome: { reloads }, failed, weighed }) {
    return { measured: `${reloads} reloads, ${failed} failed`, reached: failed === 0 && weighed.lost === 0 };
  },
};
