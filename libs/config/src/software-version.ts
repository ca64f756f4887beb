import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './repository-root.js';

/** The version in Tollgate's package.json. */
export function softwareVersion(): string {
  const text = fs.readFileSync(path.join(repositoryRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
