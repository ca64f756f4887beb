import fs from 'node:fs';
import path from 'node:path';

const columns = [
  ['fault', ({ fault, title }) => `${fault} ${title}`],
  ['queue', ({ queue }) => queue],
  ['seed', ({ seed }) => seed],
  ['delivered', ({ delivered }) => delivered],
  ['billed', ({ billed }) => billed],
  ['ambiguous', ({ ambiguous }) => ambiguous],
  ['lost', ({ lost }) => lost],
  ['double', ({ double }) => double],
  ['phantom', ({ phantom }) => phantom],
  ['failed', ({ failed }) => failed],
  ['verify', ({ verifyExitCode }) => verifyExitCode],
  ['load', ({ loadAverage }) => loadAverage],
  ['figure', ({ figure }) => figure],
  ['measured', ({ measured }) => measured],
  ['reached', ({ reached }) => (reached ? 'yes' : '**no**')],
];
const line = (cells) => `| ${cells.join(' | ')} |`;

export function tableHead() {
  return [line(columns.map(([name]) => name)), line(columns.map(() => '---'))].join('\n');
}

export function tableRow(row) {
  return line(columns.map(([, cell]) => cell(row)));
}

/** Writes all that was measured to `faults-<mode>.json` in the folder. */
export function writeResults(folder, { mode, machine, rows }) {
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `faults-${mode}.json`);
  fs.writeFileSync(file, `${JSON.stringify({ mode, machine, rows }, null, 2)}\n`);
  return file;
}
