import fs from 'node:fs';

/** Names every test that passed only when it was run again, and what failed at first: such a test is to be mended, not trusted. */
export default class FlakyReporter {
  #lines = [];

  onTestCaseResult(testCase) {
    if (!testCase.diagnostic()?.flaky) return;
    // Of one that passed in the end these are of the tries before.
    const [fault] = testCase.result().errors ?? [];
    const [place] = fault?.stacks ?? [];
    const where = place ? ` (${place.file}:${place.line})` : '';
    this.#lines.push(`${testCase.fullName}: ${fault?.message ?? 'nothing is known of its fault'}${where}`);
  }

  onTestRunEnd() {
    const lines = this.#lines.map((line) => `passed only when run again: ${line}\n`).join('');
    process.stdout.write(lines);
    const file = process.env.RUN_AGAIN_FILE;
    if (file !== undefined && lines !== '') fs.writeFileSync(file, lines);
  }
}
