import fs from 'node:fs';
import path from 'node:path';

/** The version in Tollgate's package.json, whether this runs from the sources or from a bundle. */
export function softwareVersion(): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (fs.existsSync(file)) return (JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version;
    if (folder === path.dirname(folder)) throw new Error(`no package.json was found above ${import.meta.dirname}`);
  }
}
