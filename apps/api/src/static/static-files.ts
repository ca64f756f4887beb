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
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.yaml': 'application/yaml; charset=utf-8',
};
const INCOMPRESSIBLE = new Set(['.png', '.jpg', '.webp', '.woff2', '.ico']);

/** One file, ready to be sent. */
export interface StaticFile {
  readonly mediaType: string;
  readonly etag: string;
  readonly bytes: Buffer;
  /** Null where compressing gains nothing. */
  readonly gzipped: Buffer | null;
}

/**
 * The files of a folder by their path below it, as they were when it was opened: no path can lead out of the folder, and a
 * newer version that is put in its place meanwhile is served by the next process. Each is compressed once, when it is first asked for.
 */
export class StaticFiles {
  private readonly prepared = new Map<string, Promise<StaticFile>>();

  private constructor(private readonly files: ReadonlyMap<string, Buffer>) {}

  private static read(files: readonly (readonly [name: string, file: string])[]): StaticFiles {
    return new StaticFiles(new Map(files.map(([name, file]) => [name, fs.readFileSync(file)])));
  }

  /** The files below `folder`, except hidden ones; none when there is no such folder. */
  static ofFolder(folder: string): StaticFiles {
    const names = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
    const visible = names.filter((name) => !/(^|[\\/])\./.test(name) && fs.statSync(path.join(folder, name)).isFile());
    return StaticFiles.read(visible.map((name) => [name.split(path.sep).join('/'), path.join(folder, name)]));
  }

  /** Exactly these files, by the names that they are served under; without those that are not installed. */
  static ofFiles(files: Readonly<Record<string, string>>): StaticFiles {
    return StaticFiles.read(Object.entries(files).filter(([, file]) => fs.existsSync(file)));
  }

  /** The file of that name, or undefined. */
  find(name: string): Promise<StaticFile> | undefined {
    const bytes = this.files.get(name);
    if (bytes === undefined) return undefined;
    const known = this.prepared.get(name);
    if (known) return known;
    const preparing = toStaticFile(bytes, path.extname(name));
    this.prepared.set(name, preparing);
    return preparing;
  }
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
