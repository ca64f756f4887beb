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
    for (const line of this.#lines) process.stdout.write(`passed only when run again: ${line}\n`);
  }
}
