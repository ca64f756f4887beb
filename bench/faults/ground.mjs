import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { runMigrations } from '#persistence';
import { migrateQueueSchema } from '#queues';
import { prepareDatabase, withClient } from '../../scripts/launcher/database.mjs';
import { writeCatalog } from './catalog.mjs';
import { tollgate } from './tollgate.mjs';

const password = 'faults';
const template = 'faults_template';

/** The keys that calls are made with: four of a plan with room, and one whose quota runs out. */
const keyPlans = { 'key-1': 'large', 'key-2': 'large', 'key-3': 'large', 'key-4': 'large', 'small-quota': 'small' };

/** What all runs begin with: a database with the catalogue and the keys, of which each run gets a copy. */
export class Ground {
  static async prepare(postgres, folder, upstreamOrigin) {
    const { ownerUrl, appUrl } = await prepareDatabase({
      superuserUrl: postgres.url(),
      database: template,
      password,
    });
    await runMigrations(ownerUrl);
    await migrateQueueSchema(ownerUrl);
    const secrets = {
      KEY_PEPPERS: `1:${randomBytes(32).toString('base64')}`,
      ENCRYPTION_KEYS: `1:${randomBytes(32).toString('base64')}`,
      UPSTREAM_ALLOW_PRIVATE: 'true',
      PORTAL_URL: 'http://127.0.0.1:9',
      STRIPE_SECRET_KEY: 'sk_test_faults',
      STRIPE_API_BASE: 'http://127.0.0.1:9',
      STRIPE_WEBHOOK_SECRET: 'whsec_faults',
      SMTP_URL: 'smtp://127.0.0.1:9',
      ACCESS_LOG: 'off',
    };
    const settings = {
      ...secrets,
      DATABASE_URL: appUrl,
      DATABASE_OWNER_URL: ownerUrl,
      GATEWAY_URL: 'http://127.0.0.1:9',
      JOURNAL_DIR: path.join(folder, 'no-journal'),
    };
    const run = async (...words) => {
      const { code, stdout, stderr } = await tollgate(words, settings);
      if (code !== 0) throw new Error(`tollgate ${words.slice(0, 2).join(' ')} failed:\n${stderr}${stdout}`);
      return stdout;
    };
    await run('apply', '-f', writeCatalog(path.join(folder, 'catalog'), upstreamOrigin), '--quiet');
    const keys = [];
    for (const [name, plan] of Object.entries(keyPlans)) {
      const made = await run('keys', 'create', '--application', name, '--plan', `faults/${plan}`, '--json');
      keys.push({ name, secret: JSON.parse(made).key });
    }
    return new Ground(postgres, secrets, keys);
  }

  constructor(postgres, secrets, keys) {
    Object.assign(this, { postgres, secrets, keys });
  }

  /** Makes a copy of the database and returns the ways to it. */
  async copyDatabase(name) {
    await withClient(this.postgres.url(), (client) =>
      client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER tollgate_owner`),
    );
    const { port } = this.postgres;
    return {
      superuserUrl: this.postgres.url(name),
      appUrl: `postgres://tollgate_app:${password}@127.0.0.1:${port}/${name}`,
    };
  }

  async dropDatabase(name) {
    await withClient(this.postgres.url(), (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  }
}
