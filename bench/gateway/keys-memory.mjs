// `npm run bench:keys`: what a key costs in memory, how long it takes to open one, and to start from the snapshot on disk.
import { randomFillSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';
import { ensureBuilt } from '../../scripts/launcher/build.mjs';
import { root } from '../../scripts/launcher/install.mjs';

await ensureBuilt();
const built = (file) => import(path.join(root, 'dist', file));
const { CredentialStore } = await built('apps/gateway/src/snapshot/credential-store.js');
const { SnapshotFile } = await built('apps/gateway/src/snapshot/disk-copy.js');
const { Snapshot } = await built('apps/gateway/src/snapshot/snapshot.js');
const { openKey } = await built('apps/gateway/src/policies/authenticate.js');
const { generateApiKey, hashApiKeySecret } = await built('libs/domain/src/index.js');

const sizes = [1_000, 100_000, 1_000_000];
const keysPerApplication = 10;
const sampleSize = 1_000;
const lookUps = 200_000;
const pepper = { id: '1', secret: Buffer.alloc(32, 7) };
const peppers = new Map([[pepper.id, pepper]]);

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc');

/** Bytes in use on the heap and beside it. */
function bytesInUse() {
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Processor time of this process so far; other load on the machine does not count. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const uuid = (number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;

/** Calls back with each key and its record. */
function make(count, use) {
  for (let index = 0; index < count; index++) {
    const { key, parsed } = generateApiKey('live', randomFillSync);
    use(key, {
      id: uuid(index),
      keyId: parsed.keyId,
      applicationId: uuid(Math.floor(index / keysPerApplication)),
      mode: 'live',
      secretHash: hashApiKeySecret(parsed.secret, pepper).toString('base64'),
      hashAlgorithm: 'peppered_sha256',
      hashSalt: null,
      pepperId: pepper.id,
      expiresAtMs: null,
      isRevoked: false,
      restrictions: null,
    });
  }
}

/** Nanoseconds of processor time for one call, the best of ten rounds. */
function nanoseconds(keys, open) {
  let best = Infinity;
  for (let round = 0; round < 10; round++) {
    const startedAt = cpuMs();
    for (let index = 0; index < lookUps; index++)
      if (typeof open(keys[index % keys.length]) === 'string') throw new Error('a key did not open');
    best = Math.min(best, ((cpuMs() - startedAt) * 1e6) / lookUps);
  }
  return Math.round(best);
}

function measure(count) {
  const keys = [];
  const before = bytesInUse();
  const store = new CredentialStore();
  const every = Math.floor(count / sampleSize);
  let made = 0;
  make(count, (key, record) => {
    store.set(record);
    if (made++ % every === 0) keys.push(key);
  });
  // A key of the sample is a flat string of 60 characters.
  const bytes = bytesInUse() - before - keys.length * 80;
  const nowMs = Date.now();
  return {
    count,
    bytesPerKey: Math.round(bytes / count),
    openNs: nanoseconds(keys, (key) => openKey(key, store, peppers, nowMs)),
  };
}

async function startFromDisk(count) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-keys-'));
  try {
    const forgets = { keepOnly: () => undefined };
    const options = { encryptionKeys: [], validators: forgets, translations: forgets, onFault: () => {} };
    const snapshot = new Snapshot(options);
    snapshot.credentials = new CredentialStore();
    make(count, (_key, record) => snapshot.credentials.set(record));
    for (let index = 0; index < count / keysPerApplication; index++) {
      snapshot.applications.set(uuid(index), {
        id: uuid(index),
        organizationId: uuid(0),
        isSuspended: false,
        subscriptions: [],
      });
    }
    const writeAt = performance.now();
    await new SnapshotFile(folder).write(snapshot, 0);
    const writeSeconds = (performance.now() - writeAt) / 1000;
    const fileBytes = fs.statSync(path.join(folder, 'snapshot.jsonl')).size;
    const readAt = performance.now();
    const cpuAt = cpuMs();
    const copy = await new SnapshotFile(folder).read();
    const loaded = new Snapshot(options);
    await loaded.replace(copy.number, copy.parts());
    const readSeconds = (performance.now() - readAt) / 1000;
    const readCpuSeconds = (cpuMs() - cpuAt) / 1000;
    if (loaded.credentials.size !== count) throw new Error(`${loaded.credentials.size} of ${count} keys were read`);
    return {
      fileMegabytes: Math.round(fileBytes / 1e6),
      writeSeconds: round(writeSeconds),
      readSeconds: round(readSeconds),
      readCpuSeconds: round(readCpuSeconds),
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const round = (value) => Math.round(value * 100) / 100;

console.table(sizes.map(measure));
console.table([{ count: sizes.at(-1), ...(await startFromDisk(sizes.at(-1))) }]);
