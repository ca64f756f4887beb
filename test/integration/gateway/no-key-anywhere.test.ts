import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { generateApiKey } from '#domain';
import { createLogger } from '#observability';
import { importCredentials, issueCredential, rotateCredential } from '#services';
import { expect, it } from 'vitest';
import { USUAL_KEY_PLACES } from '#domain';
import { withClient } from '../../../scripts/launcher/database.mjs';
import { eventually } from '../../support/eventually.js';
import { testPeppers } from '../../support/factories.js';
import { call, eventsOf, startGatewayUnderTest } from '../../support/gateway.js';

const CLI = { kind: 'cli', id: null } as const;

it('no key is in the database, the logs, the jobs, the journal or the snapshot on disk after it was used in every place', async () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLogger({ name: 'gateway', level: 'trace', destination });
  const policies = { authentication: { keys: { ...USUAL_KEY_PLACES, queryParameter: 'key' } } };
  const logFile = path.join(os.tmpdir(), `tollgate-access-${process.pid}.log`);
  const accessLogDescriptor = fs.openSync(logFile, 'w');
  const under = await startGatewayUnderTest(
    { version: { policies } },
    { log, accessLog: 'all', accessLogDescriptor, journal: { maxSegmentAgeMs: 100 } },
  );
  try {
    const { database, consumer, queue, folder } = under;
    const { organizationId, id: applicationId } = consumer.application;
    const common = { organizationId, peppers: testPeppers, actor: CLI };
    const terms = { ...common, applicationId, name: 'Key', mode: 'live', expiresAt: null } as const;
    const issued = await issueCredential(database.context, terms);
    const rotated = await rotateCredential(database.context, {
      ...common,
      credentialId: issued.credential.id,
      overlapSeconds: 60,
    });
    const imported = 'kong-imported-0123456789abcdef';
    const importRow = {
      row: 'line 1',
      organization: organizationId,
      application: 'Imported',
      plan: { productSlug: under.catalog.product.slug, planSlug: under.catalog.plan.slug },
      secret: { kind: 'plain', key: imported },
      prefix: null,
      name: 'Imported',
      mode: 'live',
      expiresAt: null,
    } as const;
    await importCredentials(database.context, [importRow], CLI);
    await under.sync();
    under.upstream.answer();
    const stranger = generateApiKey('live', database.context.fillRandom).key;
    for (const key of [issued.key, rotated.key, imported, stranger]) {
      const basic = Buffer.from(`${key}:`).toString('base64');
      await call(`${under.url}/things`, { headers: { 'x-api-key': key } });
      await call(`${under.url}/things`, { headers: { authorization: `Bearer ${key}` } });
      await call(`${under.url}/things`, { headers: { authorization: `Basic ${basic}` } });
      await call(`${under.url}/things?key=${key}`);
      await call(`${under.origin}/nowhere?key=${key}`);
      await call(`${under.url}/things?key=${key}`, { method: 'PATCH' });
    }
    const jobs = await eventually(
      () => queue.jobs,
      (shipped) => shipped.length > 0,
    );
    const snapshotFile = path.join(folder, 'snapshot.jsonl');
    await eventually(
      () => fs.existsSync(snapshotFile) && fs.readFileSync(snapshotFile, 'utf8').includes('"sha256"'),
      Boolean,
    );
    const dumps: Readonly<Record<string, string>> = {
      database: await dumpOf(database.superuserUrl),
      log: lines.join('') + fs.readFileSync(logFile, 'utf8'),
      jobs: JSON.stringify(jobs) + JSON.stringify(await eventsOf(jobs)),
      folder: fs
        .readdirSync(folder)
        .map((name) => fs.readFileSync(path.join(folder, name), 'latin1'))
        .join(''),
    };
    for (const [place, dump] of Object.entries(dumps)) {
      expect(dump.length, place).toBeGreaterThan(100);
      for (const key of [issued.key, rotated.key, imported, stranger]) {
        const secret = key.split('_')[3] ?? key;
        for (const form of [secret, Buffer.from(`${key}:`).toString('base64'), encodeURIComponent(key)]) {
          expect(dump.includes(form), `${place} has a key`).toBe(false);
        }
      }
    }
    // The search would find what is there: hashes in the database and public parts in the snapshot.
    expect(dumps['database']).toContain(issued.credential.secretHash.toString('hex'));
    expect(dumps['folder']).toContain(issued.credential.keyId);
  } finally {
    await under.dispose();
    fs.rmSync(logFile);
  }
});

/** Every row of every table, as text. */
function dumpOf(superuserUrl: string): Promise<string> {
  return withClient(superuserUrl, async (client: { query: (sql: string) => Promise<{ rows: { text: string }[] }> }) => {
    const { rows: tables } = await client.query(
      `SELECT format('%I.%I', schemaname, tablename) AS text FROM pg_tables WHERE schemaname IN ('public', 'auth')`,
    );
    const texts: string[] = [];
    for (const { text: table } of tables) {
      const { rows } = await client.query(`SELECT t::text AS text FROM ${table} AS t`);
      texts.push(...rows.map(({ text }) => text));
    }
    return texts.join('\n');
  });
}
