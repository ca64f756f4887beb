import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import { commands } from '../../apps/cli/src/commands.js';
import type { TestDatabase } from './database.js';
import { testPeppers } from './factories.js';

/** Commands of `tollgate` in this process, with the settings of an installation on a test's database. */
export class CommandLine {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-cli-'));

  constructor(database: TestDatabase) {
    const ring = testPeppers.map(({ id, secret }) => `${id}:${secret.toString('base64')}`).join(',');
    const settings = {
      DATABASE_URL: database.appUrl,
      STRIPE_SECRET_KEY: 'sk_test_sandbox',
      STRIPE_WEBHOOK_SECRET: 'whsec_test_secret',
      PORTAL_URL: 'http://localhost:4000',
      GATEWAY_URL: 'http://localhost:4080',
      KEY_PEPPERS: ring,
      ENCRYPTION_KEYS: ring,
      JOURNAL_DIR: this.folder,
    };
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  }

  /** Runs a command as the process does, and keeps what it prints. */
  async run(...words: readonly string[]): Promise<{ code: number; output: string }> {
    let output = '';
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => {
        output += String(text);
        return true;
      });
    }
    const command = commands.find(({ words: name }) => name.every((word, index) => words[index] === word))!;
    try {
      return { code: await command.run(words.slice(command.words.length)), output };
    } finally {
      vi.restoreAllMocks();
    }
  }

  dispose(): void {
    vi.unstubAllEnvs();
    fs.rmSync(this.folder, { recursive: true });
  }
}
