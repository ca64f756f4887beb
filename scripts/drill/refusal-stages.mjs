import fs from 'node:fs';
import path from 'node:path';

const file = 'apps/gateway/src/pipeline.ts';
/** The tables and functions that say how a verdict is answered. */
const tables = ['verdict-refusals', 'money-refusal'].map((name) => `apps/gateway/src/responses/${name}.ts`);
/** A condition under which the pipeline refuses: on one line, or as a block that does nothing else. */
const oneLine = /^ *if \([^\n]*\)(?:\n *|\s)return refuse\(gateway, exchange, [^;]*;\n/gm;
const block = /^( *)if \([^\n]*\) \{\n(?:\1  const [^\n]*\n)?\1  return refuse\(gateway, exchange, [^;]*;\n\1\}\n/gm;

/** Every refusal of pipeline.ts, read from its source, so that none can be forgotten. */
export function refusalStages(root) {
  const source = fs.readFileSync(path.join(root, file), 'utf8');
  const proofs = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, 'refusal-proofs.json'), 'utf8'));
  const answers = tables.map((name) => fs.readFileSync(path.join(root, name), 'utf8')).join('\n');
  const texts = [...source.matchAll(oneLine), ...source.matchAll(block)].map(([text]) => text);
  return texts.map((text) => {
    const names = refusalsIn(text, answers);
    const tests = [...new Set(names.flatMap((name) => testsOf(proofs[name] ?? [])))];
    return {
      name: text
        .replace(/\s+/g, ' ')
        .trim()
        .replace(/ (return|\{).*$/, ''),
      file,
      text,
      replacement: '',
      tests,
    };
  });
}

/** A proof is the name of a test file, or several. */
export function testsOf(proof) {
  return [proof].flat().map((name) => `test/integration/gateway/${name}.test.ts`);
}

/** The refusals that a stage names, itself or through a table or a function of verdicts. */
function refusalsIn(text, answers) {
  const direct = [...text.matchAll(/refusals\.(\w+)/g)].map(([, name]) => name);
  if (direct.length > 0) return direct;
  const table = /(\w+Refusals)\[/.exec(text)?.[1];
  const choice = /\.\.\.(\w+)\(/.exec(text)?.[1];
  const start = answers.indexOf(table ? `const ${table}:` : `function ${choice}(`);
  return [...answers.slice(start, answers.indexOf('\n}', start)).matchAll(/refusals\.(\w+)/g)].map(([, name]) => name);
}
