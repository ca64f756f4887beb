// Takes each safeguard of metering away in turn, in a copy of the sources, and shows which test fails for it.
// `npm run drill:metering` prints the table; `-- WORD …` tries only the safeguards whose name holds one of the words.
import path from 'node:path';
import { safeguards } from './metering-safeguards.mjs';
import { ScratchCopy } from './scratch-copy.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const wanted = process.argv.slice(2);
const tried = safeguards.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
const copy = new ScratchCopy(root);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => copy.remove());
let survivors = 0;
try {
  const whole = copy.run([...new Set(tried.flatMap(({ tests }) => tests))]);
  if (whole.failures.length > 0) throw new Error(`the tests fail without any change:\n${whole.failures.join('\n')}`);
  console.log('| safeguard that is removed | test that fails first |\n| --- | --- |');
  for (const safeguard of tried) {
    const [failure] = copy.failuresWithout(safeguard);
    if (failure === undefined) survivors++;
    console.log(`| ${safeguard.name} | ${failure ?? '**none**'} |`);
  }
} finally {
  copy.remove();
}
console.log(
  `\n${tried.length} safeguards, ${survivors === 0 ? 'each missed by a test' : `${survivors} missed by no test`}.`,
);
process.exitCode = survivors === 0 ? 0 : 1;
