import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
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
});
