import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const oxlint = path.join(root, 'node_modules/oxlint/bin/oxlint');

/** What the linter says of each file, all checked in one run, in a checkout that holds nothing else. */
function lint(files: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-lint-'));
  try {
    const rules = { 'tollgate/layers': 'error', 'tollgate/clock': 'error', 'tollgate/settings': 'error' };
    const config = {
      categories: {},
      plugins: [],
      jsPlugins: [path.join(root, 'scripts/lint/tollgate-rules.mjs')],
      rules,
    };
    fs.writeFileSync(path.join(folder, '.oxlintrc.json'), JSON.stringify(config));
    for (const [name, source] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), source);
    }
    const run = spawnSync(process.execPath, [oxlint, '--format', 'json', '.'], { cwd: folder, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: { filename: string; message: string }[] };
    return new Map(diagnostics.map(({ filename, message }) => [filename, message]));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const REFUSED: Readonly<Record<string, string>> = {
  'libs/domain/src/a.ts': `import { UnitOfWork } from '#persistence';`,
  'libs/domain/src/b.ts': `import fs from 'node:fs';`,
  'libs/config/src/a.ts': `import { Clock } from '#domain';`,
  'libs/observability/src/a.ts': `import { loadSettings } from '#config';`,
  'libs/mail/src/a.ts': `import { Clock } from '#domain';`,
  'libs/openapi/src/a.ts': `import { UnitOfWork } from '#persistence';`,
  'libs/outbound/src/a.ts': `import { UnitOfWork } from '#persistence';`,
  'libs/journal/src/a.ts': `import { createQueue } from '#queues';`,
  'libs/queues/src/a.ts': `import { UnitOfWork } from '#persistence';`,
  'libs/persistence/src/a.ts': `import { applyCatalog } from '#services';`,
  'libs/limits/src/a.ts': `import { applyCatalog } from '#services';`,
  'libs/stripe/src/a.ts': `import { UnitOfWork } from '#persistence';`,
  'libs/services/src/a.ts': `import { createStripePaymentProvider } from '#stripe';`,
  'libs/services/src/b.ts': `import Stripe from 'stripe';`,
  'libs/services/src/c.ts': `import { DataSource } from 'typeorm';`,
  'libs/services/src/d.ts': `import { x } from '../../persistence/src/entities.js';`,
  'libs/services/src/e.ts': `import { x } from '#services';`,
  'apps/gateway/src/pipeline.ts': `import { UnitOfWork } from '#persistence';`,
  'apps/gateway/src/proxy/a.ts': `import { Injectable } from '@nestjs/common';`,
  'apps/worker/src/a.ts': `import { Queue } from 'bullmq';`,
  'apps/worker/src/b.ts': `import { x } from '../../api/src/main.js';`,
  'apps/api/src/a.ts': `import { QuotaLeases } from '#limits';`,
  'apps/cli/src/a.ts': `import pg from 'pg';`,
  'apps/stripe-sandbox/src/a.ts': `import { Clock } from '#domain';`,
  'apps/demo-api/src/a.ts': `import { Clock } from '#domain';`,
  'apps/mail-inbox/src/a.ts': `import { createSmtpMailer } from '#mail';`,
  'libs/services/src/time-a.ts': `export const at = () => new Date();`,
  'libs/services/src/time-b.ts': `export const at = () => Date.now();`,
  'libs/services/src/chance.ts': `export const dice = () => Math.random();`,
  'libs/persistence/src/sql.ts': 'export const sql = `SELECT now()`;',
  'libs/services/src/environment.ts': `export const home = () => process.env.HOME;`,
};

const ALLOWED: Readonly<Record<string, string>> = {
  'libs/services/src/ok.ts': `import { UnitOfWork } from '#persistence';\nexport const x = new Date(0);\nexport { UnitOfWork };`,
  'apps/gateway/src/snapshot/ok.ts': `export { UnitOfWork } from '#persistence';`,
  'apps/gateway/src/main.ts': `export { NestFactory } from '@nestjs/core';`,
  'libs/stripe/src/ok.ts': `export { default as Stripe } from 'stripe';`,
};

describe('the house rules of the linter', () => {
  const found = lint({ ...REFUSED, ...ALLOWED });

  it.each(Object.entries(REFUSED))('%s may not have: %s', (file) => {
    expect([...found.keys()]).toContain(file);
  });

  it.each(Object.keys(ALLOWED))('%s keeps them', (file) => {
    expect(found.get(file)).toBeUndefined();
  });
});
