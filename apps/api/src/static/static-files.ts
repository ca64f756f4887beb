import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.yaml': 'application/yaml; charset=utf-8',
};
const INCOMPRESSIBLE = new Set(['.png', '.woff2', '.ico']);

/** One file, ready to be sent. */
export interface StaticFile {
  readonly mediaType: string;
  readonly etag: string;
  readonly bytes: Buffer;
  /** Null where compressing gains nothing. */
  readonly gzipped: Buffer | null;
}

/**
 * The files of a folder by their path below it. Only what is listed when it is opened is ever served, so no path can
 * lead out of the folder; each file is read and compressed once, when it is first asked for.
 */
export class StaticFiles {
  private readonly loaded = new Map<string, Promise<StaticFile>>();

  private constructor(private readonly files: ReadonlyMap<string, string>) {}

  /** The files below `folder`, except hidden ones; none when there is no such folder. */
  static ofFolder(folder: string): StaticFiles {
    const names = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
    const visible = names.filter((name) => !/(^|[\\/])\./.test(name) && fs.statSync(path.join(folder, name)).isFile());
    return new StaticFiles(new Map(visible.map((name) => [name.split(path.sep).join('/'), path.join(folder, name)])));
  }

  /** Exactly these files, by the names that they are served under; without those that are not installed. */
  static ofFiles(files: Readonly<Record<string, string>>): StaticFiles {
    return new StaticFiles(new Map(Object.entries(files).filter(([, file]) => fs.existsSync(file))));
  }

  /** The file of that name, or undefined. */
  find(name: string): Promise<StaticFile> | undefined {
    const file = this.files.get(name);
    if (file === undefined) return undefined;
    const known = this.loaded.get(name);
    if (known) return known;
    const loading = load(file);
    this.loaded.set(name, loading);
    return loading;
  }
}

async function load(file: string): Promise<StaticFile> {
  return toStaticFile(await fs.promises.readFile(file), path.extname(file));
}

/** Content that is made rather than read; `extension` (".css") says what it is. */
export async function toStaticFile(bytes: Buffer, extension: string): Promise<StaticFile> {
  return {
    mediaType: MEDIA_TYPES[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    bytes,
    gzipped: INCOMPRESSIBLE.has(extension) ? null : await compress(bytes, { level: 6 }),
  };
}
