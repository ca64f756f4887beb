/** Names every test that passed only when it was run again: such a test is to be mended, not trusted. */
export default class FlakyReporter {
  #names = [];

  onTestCaseResult(testCase) {
    if (testCase.diagnostic()?.flaky) this.#names.push(testCase.fullName);
  }

  onTestRunEnd() {
    for (const name of this.#names) process.stdout.write(`passed only when run again: ${name}\n`);
  }
}
