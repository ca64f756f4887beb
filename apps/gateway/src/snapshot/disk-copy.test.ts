import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FixedClock } from '#domain';
import { createLogger } from '#observability';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TargetWatches } from '../discovery/target-watches.js';
import { SnapshotFile } from './disk-copy.js';
import { Snapshot, type SnapshotPart } from './snapshot.js';
import { TranslationBook } from './translation-book.js';
import { ValidatorBook } from './validator-book.js';

const options = {
  encryptionKeys: [],
  clock: new FixedClock('2026-11-22T12:00:00Z'),
  allowsUnverifiedUpstreams: false,
  portalUrl: 'https://portal.test',
  validators: new ValidatorBook(),
  targetWatches: new TargetWatches({
    allowsPrivate: false,
    log: createLogger({ name: 'test', level: 'silent' }),
    random: () => 0,
  }),
  translations: new TranslationBook(),
  onFault: (_version: unknown, error: Error) => {
    throw error;
  },
};

function content(credentials = 2_500): SnapshotPart {
  const subscription = {
    id: 's1',
    organizationId: 'o1',
    applicationId: 'a1',
    apiProductId: 'p1',
    anchorMs: 1,
    createdAtMs: 2,
    suspendedFor: ['payment' as const],
    hasMoneyCap: true,
    phases: [{ id: 'f1', planVersionId: 'v1', startsAtMs: 1, endsAtMs: null }],
  };
  return {
    catalog: { versions: [], products: [], planVersions: [] },
    applications: [
      { id: 'a1', organizationId: 'o1', isSuspended: false },
      { id: 'a2', organizationId: 'o1', isSuspended: true },
    ],
    subscriptions: [subscription, { ...subscription, id: 's0', createdAtMs: 1 }],
    credentials: Array.from({ length: credentials }, (_, index) => ({
      id: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
      keyId: `k${String(index).padStart(11, '0')}`,
      applicationId: 'a1',
      mode: 'live' as const,
      secretHash: Buffer.alloc(32, index).toString('base64'),
      hashAlgorithm: 'peppered_sha256' as const,
      hashSalt: null,
      pepperId: '1',
      restrictions: index % 5 === 0 ? { allowedAddresses: ['::1'], products: [], operations: [] } : null,
      expiresAtMs: index % 2 === 0 ? null : index,
      isRevoked: index % 3 === 0,
    })),
    identities: [
      { id: 'i1', applicationId: 'a1', kind: 'jwt', issuer: 'https://id.test', value: 'x' },
      { id: 'i2', applicationId: 'a2', kind: 'mtls', issuer: '', value: 'CN=x' },
    ],
  };
}

let folder: string;
let file: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-snapshot-'));
  file = path.join(folder, 'snapshot.jsonl');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

async function snapshotOf(...parts: readonly SnapshotPart[]): Promise<Snapshot> {
  const snapshot = new Snapshot(options);
  await snapshot.replace(42, parts);
  return snapshot;
}

describe('the snapshot on disk', () => {
  it('is the same snapshot when it is read', async () => {
    const snapshot = await snapshotOf(content());
    await new SnapshotFile(folder).write(snapshot, 1_234);
    const copy = await new SnapshotFile(folder).read();
    expect(copy).toMatchObject({ number: 42, clockOffsetMs: 1_234 });
    const other = new Snapshot(options);
    await other.replace(copy!.number, copy!.parts());
    expect([...other.credentials.records()]).toEqual(content().credentials);
    expect([...other.identities.records()]).toEqual(content().identities);
    expect(other.identities.find('mtls', '', 'CN=x')?.applicationId).toBe('a2');
    expect([...other.applications]).toEqual([...snapshot.applications]);
    expect(other.applications.get('a1')!.subscriptions.map(({ id }) => id)).toEqual(['s0', 's1']);
  });

  it('is nothing when there is none, when it is cut anywhere, or when a byte has changed', async () => {
    expect(await new SnapshotFile(folder).read()).toBeNull();
    await new SnapshotFile(folder).write(await snapshotOf(content(2)), 0);
    const bytes = fs.readFileSync(file);
    for (let length = 0; length < bytes.length - 1; length += 7) {
      fs.writeFileSync(file, bytes.subarray(0, length));
      expect(await new SnapshotFile(folder).read()).toBeNull();
    }
    for (let index = 0; index < bytes.length - 1; index += 5) {
      const changed = Buffer.from(bytes);
      changed[index]! ^= 1;
      fs.writeFileSync(file, changed);
      expect(await new SnapshotFile(folder).read()).toBeNull();
    }
  });

  it('can be read by its owner only', async () => {
    await new SnapshotFile(folder).write(await snapshotOf(content(2)), 0);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('a snapshot', () => {
  it('forgets a subscription that is not active any more and keeps the others', async () => {
    const snapshot = await snapshotOf(content(0));
    const nothing = {
      catalog: null,
      applications: [],
      subscriptions: [],
      credentials: [],
      identityIds: [],
      identities: [],
    };
    snapshot.apply({ ...nothing, number: 43, subscriptionIds: ['s0', 'unknown'] });
    expect(snapshot.applications.get('a1')!.subscriptions.map(({ id }) => id)).toEqual(['s1']);
    snapshot.apply({
      ...nothing,
      number: 44,
      subscriptionIds: [],
      applications: [{ id: 'a1', organizationId: 'o1', isSuspended: true }],
    });
    expect(snapshot.applications.get('a1')).toMatchObject({ isSuspended: true, subscriptions: [{ id: 's1' }] });
    expect(snapshot.number).toBe(44);
  });

  it('serves what it held until all of the new content is there', async () => {
    const snapshot = await snapshotOf(content(10));
    async function* slowly() {
      yield { applications: [{ id: 'a3', organizationId: 'o2', isSuspended: false }] };
      expect([...snapshot.applications.keys()]).toEqual(['a1', 'a2']);
      expect(snapshot.credentials.size).toBe(10);
      expect(snapshot.number).toBe(42);
      yield { credentials: content(1).credentials! };
    }
    await snapshot.replace(50, slowly());
    expect([...snapshot.applications.keys()]).toEqual(['a3']);
    expect(snapshot).toMatchObject({ number: 50, credentials: { size: 1 } });
  });

  it('keeps what it held when the new content breaks off', async () => {
    const snapshot = await snapshotOf(content(10));
    async function* broken() {
      yield { applications: [] };
      throw new Error('the database went away');
    }
    await expect(snapshot.replace(50, broken())).rejects.toThrow(/went away/);
    expect(snapshot).toMatchObject({ number: 42, credentials: { size: 10 } });
  });

  it('finds a name under its own kind and issuer only, and not after it was taken away', async () => {
    const snapshot = await snapshotOf(content(0));
    expect(snapshot.identities.find('jwt', 'https://id.test', 'x')?.applicationId).toBe('a1');
    expect(snapshot.identities.find('jwt', 'https://other.test', 'x')).toBeNull();
    expect(snapshot.identities.find('mtls', '', 'x')).toBeNull();
    const change = { catalog: null, applications: [], subscriptions: [], subscriptionIds: [], credentials: [] };
    snapshot.apply({ ...change, number: 43, identityIds: ['i1'], identities: [] });
    expect(snapshot.identities.find('jwt', 'https://id.test', 'x')).toBeNull();
    expect(snapshot.identities.find('mtls', '', 'CN=x')?.applicationId).toBe('a2');
  });
});
