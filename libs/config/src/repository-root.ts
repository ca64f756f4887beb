import fs from 'node:fs';
import path from 'node:path';

/** The folder with Tollgate's package.json, whether this runs from the sources, from dist or from a bundle. */
export function repositoryRoot(): string {
  let folder = import.meta.dirname;
  while (!fs.existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error(`no package.json was found above ${import.meta.dirname}`);
    folder = parent;
  }
  return folder;
}
