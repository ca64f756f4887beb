// migration run | check | create NAME
import fs from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from './build.mjs';
import { readRunSettings } from './home.mjs';
import { root } from './install.mjs';

const [command, name] = process.argv.slice(2);
process.channel?.unref();
for (const [key, value] of Object.entries(readRunSettings())) process.env[key] ??= value;

if (command === 'create') {
  if (!/^[a-z]+(-[a-z0-9]+)+$/.test(name ?? '')) fail('Name it verb-noun: npm run migration:create -- add-coupons');
  const stamp = Date.now();
  const className =
    name
      .split('-')
      .map((word) => word[0].toUpperCase() + word.slice(1))
      .join('') + stamp;
  const file = path.join(root, 'migrations', `${stamp}-${name}.ts`);
  fs.writeFileSync(
    file,
    `import type { MigrationInterface, QueryRunner } from 'typeorm';\n\nexport class ${className} implements MigrationInterface {\n` +
      `  async up(queryRunner: QueryRunner): Promise<void> {\n    await queryRunner.query(\`\`);\n  }\n\n` +
      `  async down(queryRunner: QueryRunner): Promise<void> {\n    await queryRunner.query(\`\`);\n  }\n}\n`,
  );
  process.stdout.write(`${path.relative(root, file)}\n`);
} else if (command === 'run' || command === 'check') {
  // An image holds no sources to build from.
  if (!process.argv.includes('--built')) await ensureBuilt((step) => process.stderr.write(`${step} …\n`));
  const { loadSettings, migrateQueueSchema, pendingMigrations, runMigrations } = await import(
    path.join(root, 'dist/run/schema.js')
  );
  const settings = loadSettings('migrations');
  const ownerUrl = settings.DATABASE_OWNER_URL ?? settings.DATABASE_URL;
  if (command === 'check') {
    const waiting = await pendingMigrations(ownerUrl);
    process.stdout.write(waiting.length === 0 ? 'The database is up to date.\n' : `${waiting.join('\n')}\n`);
    process.exitCode = waiting.length === 0 ? 0 : 1;
  } else {
    const done = await runMigrations(ownerUrl, () =>
      process.stderr.write('Another process migrates this database: waiting until it has ended …\n'),
    );
    if (!settings.QUEUE_URL?.startsWith('redis')) await migrateQueueSchema(ownerUrl);
    process.stdout.write(done.length === 0 ? 'The database is up to date.\n' : `${done.join('\n')}\n`);
  }
} else {
  fail('Say which: run, check, or create NAME.');
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
