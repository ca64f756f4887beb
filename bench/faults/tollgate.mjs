import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from '../../scripts/launcher/install.mjs';

/** Runs the command line with these words; resolves to its exit code and what it has printed. */
export function tollgate(words, settings) {
  const child = spawn(process.execPath, [path.join(root, 'dist/run/cli.js'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].on('data', (chunk) => (output[name] += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
}
