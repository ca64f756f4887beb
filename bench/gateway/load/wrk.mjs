import { spawn } from 'node:child_process';
import path from 'node:path';

const script = path.join(import.meta.dirname, 'rotate-keys.lua');

/**
 * Loads `origin` with 64 connections for so many seconds, each request with the next key of the file, and returns how
 * many were answered, refused, and broken.
 */
export async function load({ origin, cpu, keysFile, seconds, scenario }) {
  const { path: target, method, bodyBytes } = scenario;
  const wrk = ['wrk', '-t1', '-c64', `-d${seconds}s`, '--timeout', '10s', '--latency', '-s', script, origin];
  const args = ['-c', String(cpu), ...wrk, '--', keysFile, target, method, String(bodyBytes)];
  const output = await new Promise((resolve, reject) => {
    const child = spawn('taskset', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
  const line = output.split('\n').find((candidate) => candidate.startsWith('RESULT '));
  if (!line) throw new Error(`wrk did not run:\n${output}`);
  return JSON.parse(line.slice('RESULT '.length));
}
