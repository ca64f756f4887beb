import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

type Bundle = Parameters<Extract<NonNullable<Plugin['generateBundle']>, (...args: never[]) => unknown>>[1];

/**
 * Fails the build when what every page loads first, scripts and styles, is more than `maxBytes` compressed, or when Redoc is in
 * any part: the pages of documentation, which the API writes, load it from elsewhere.
 */
export function entryBudget(maxBytes: number): Plugin {
  return {
    name: 'entry-budget',
    apply: 'build',
    // After Vite has written down which styles belong to a chunk.
    enforce: 'post',
    generateBundle(_options, bundle) {
      const withRedoc = Object.values(bundle).find(
        (part) => part.type === 'chunk' && Object.keys(part.modules).some((id) => id.includes('/node_modules/redoc/')),
      );
      if (withRedoc) this.error(`${withRedoc.fileName} holds Redoc: only pages of documentation may load it.`);
      const bytes = [...entryFiles(bundle)].reduce((sum, name) => sum + compressedBytes(bundle, name), 0);
      const kilobytes = (count: number) => `${(count / 1000).toFixed(0)} kB`;
      if (bytes > maxBytes) {
        this.error(`The entry is ${kilobytes(bytes)} compressed, more than ${kilobytes(maxBytes)}: load parts lazily.`);
      }
      this.info(`entry ${kilobytes(bytes)} compressed, of ${kilobytes(maxBytes)}`);
    },
  };
}

/** The entry chunks, all that they import statically, and the styles of these. */
function entryFiles(bundle: Bundle): ReadonlySet<string> {
  const files = new Set<string>();
  const visit = (name: string) => {
    const chunk = bundle[name];
    if (files.has(name) || chunk?.type !== 'chunk') return;
    files.add(name);
    chunk.imports.forEach(visit);
    chunk.viteMetadata?.importedCss.forEach((style) => files.add(style));
  };
  for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk' && chunk.isEntry) visit(chunk.fileName);
  return files;
}

function compressedBytes(bundle: Bundle, name: string): number {
  const file = bundle[name];
  if (!file) return 0;
  return gzipSync(file.type === 'chunk' ? file.code : file.source).byteLength;
}
