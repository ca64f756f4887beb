import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take minutes, the longest first: one of them that is begun last keeps all others waiting. */
const LONGEST = [
  'test/e2e/portal.test.ts',
  'test/e2e/portal-pages.test.ts',
  'test/e2e/main-job.test.ts',
  'test/e2e/start.test.ts',
];

/** Begins the files of minutes before all others, which come as ever. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = LONGEST.findIndex((name) => moduleId.endsWith(name));
      return index === -1 ? LONGEST.length : index;
    };
    return (await super.sort(files)).toSorted((left, right) => rank(left) - rank(right));
  }
}
