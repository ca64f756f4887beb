import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeArguments } from './node-arguments.mjs';

describe('errors of an application', () => {
  let folder: string;

  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'source-maps-'));
    const source = 'interface Nothing {}\n\nexport const nothing: Nothing = {};\nthrow new Error("on line 4");\n';
    const { outputText, sourceMapText } = ts.transpileModule(source, {
      fileName: 'thrower.ts',
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2024, sourceMap: true },
    });
    fs.writeFileSync(path.join(folder, 'thrower.ts'), source);
    fs.writeFileSync(path.join(folder, 'thrower.js.map'), sourceMapText ?? '');
    fs.writeFileSync(path.join(folder, 'thrower.mjs'), outputText);
  });

  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('name the line of the source', () => {
    const { stderr } = spawnSync(process.execPath, [...nodeArguments('worker'), path.join(folder, 'thrower.mjs')]);
    expect(String(stderr)).toContain('thrower.ts:4:7');
  });

  it('name it by maps that were read before, when nothing had failed yet', () => {
    const maps = pathToFileURL(path.join(import.meta.dirname, 'source-maps.mjs')).href;
    const script = `import fs from 'node:fs';
      import { readMaps } from ${JSON.stringify(maps)};
      await import('./thrower.mjs').catch((error) => (globalThis.error = error));
      await readMaps(new URL('./', import.meta.url));
      fs.rmSync(new URL('thrower.js.map', import.meta.url));
      console.log(globalThis.error.stack);`;
    fs.writeFileSync(path.join(folder, 'early.mjs'), script);
    const { stdout } = spawnSync(process.execPath, [...nodeArguments('worker'), path.join(folder, 'early.mjs')]);
    expect(String(stdout)).toContain('thrower.ts:4:7');
  });
});
