// Removes each stage of the gateway's pipeline in turn, in a copy of the sources, and shows that a test fails for it.
// `npm run drill:pipeline` prints the table; `-- NAME …` runs only the stages whose name holds one of the words.
import path from 'node:path';
import { effectStages } from './effect-stages.mjs';
import { refusalStages } from './refusal-stages.mjs';
import { ScratchCopy } from './scratch-copy.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const wanted = process.argv.slice(2);
const stages = [...refusalStages(root), ...effectStages].filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)),
);
const copy = new ScratchCopy(root);
let survivors = 0;
try {
  const tests = [...new Set(stages.flatMap((stage) => stage.tests))];
  const whole = copy.run(tests);
  if (whole.failures.length > 0) throw new Error(`the tests fail without any change:\n${whole.output}`);
  console.log('| stage that is removed | failing tests | in |\n| --- | --- | --- |');
  for (const stage of stages) {
    const failed = copy.failuresWithout(stage).length;
    if (failed === 0) survivors++;
    console.log(`| ${stage.name} | ${failed === 0 ? '**none**' : failed} | ${stage.tests.map(shortName).join(', ')} |`);
  }
} finally {
  copy.remove();
}
console.log(
  survivors === 0
    ? `\n${stages.length} stages, each missed by a test.`
    : `\n${survivors} stages are missed by no test.`,
);
process.exitCode = survivors === 0 ? 0 : 1;

function shortName(test) {
  return path.basename(test, '.test.ts');
}
