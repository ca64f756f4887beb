import { createRequire } from 'node:module';
import path from 'node:path';
import { type StaticFile, StaticFiles, toStaticFile } from '../static/static-files.js';
import { FRAME_SCRIPT } from './frame-script.js';
import { readRedocBundle } from './redoc-bundle.js';
import { REFERENCE_SCRIPT } from './reference-script.js';
import { REFERENCE_STYLE } from './reference-style.js';

const require = createRequire(import.meta.url);

/** What documentation pages load, by name. All of it is ours or from node_modules, never from elsewhere. */
export class DocsFiles {
  private readonly packaged = StaticFiles.ofFiles({
    'inter.woff2': fileOf('@fontsource-variable/inter', 'files/inter-latin-wght-normal.woff2'),
    'jetbrains-mono.woff2': fileOf(
      '@fontsource-variable/jetbrains-mono',
      'files/jetbrains-mono-latin-wght-normal.woff2',
    ),
  });
  private readonly written: Readonly<Record<string, Promise<StaticFile>>> = {
    'reference.css': toStaticFile(Buffer.from(REFERENCE_STYLE), '.css'),
    'frame.js': toStaticFile(Buffer.from(FRAME_SCRIPT), '.js'),
    'reference.js': toStaticFile(Buffer.from(REFERENCE_SCRIPT), '.js'),
  };

  private redoc: Promise<StaticFile> | undefined;

  find(name: string): Promise<StaticFile> | undefined {
    if (name === 'redoc.js') return (this.redoc ??= this.readRedoc());
    return Object.hasOwn(this.written, name) ? this.written[name] : this.packaged.find(name);
  }

  private async readRedoc(): Promise<StaticFile> {
    return toStaticFile(await readRedocBundle(require.resolve('redoc/bundles/redoc.standalone.js')), '.js');
  }
}

/** A file of a package that need not be installed; the page does without. */
function fileOf(packageName: string, file: string): string {
  try {
    return path.join(path.dirname(require.resolve(`${packageName}/package.json`)), file);
  } catch {
    return '';
  }
}
