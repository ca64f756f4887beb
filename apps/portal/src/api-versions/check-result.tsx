import { Stack, Text } from '@mantine/core';
import type { CheckedDocument } from '../api/types.js';
import { LinesSkeleton } from '../components/skeletons.js';
import { formatUnits } from '../format/number.js';
import { CheckedView } from './checked-view.js';
import type { DocumentCheck } from './use-document-check.js';

/** What came of checking a document: nothing yet, still waiting, or all that was found out. */
export function CheckResult({ check }: { readonly check: DocumentCheck }) {
  const { last, isRunning, isCurrent } = check;
  const isOutdated = last !== null && !isRunning && !isCurrent;
  return (
    <Stack gap="lg">
      {/* Always there, so that screen readers say what comes into it. */}
      <Text size="sm" role="status" className={isOutdated ? undefined : 'visually-hidden'}>
        {isRunning && 'Checking the document.'}
        {isOutdated && 'The document has changed since. What stands here is of the text before: check it again.'}
        {!isRunning && isCurrent && last && summaryOf(last)}
      </Text>
      {isRunning && <LinesSkeleton lines={6} />}
      {!isRunning && last && <CheckedView checked={last} />}
      {!isRunning && !last && (
        <Text size="sm" c="dimmed">
          Its operations, what could be better about it and what it changes for callers stand here once it is checked.
        </Text>
      )}
    </Stack>
  );
}

/** For those who do not see that something appeared. */
function summaryOf({ routes, compared }: CheckedDocument): string {
  const breaking = compared ? `, ${formatUnits(compared.counts.breaking, 'breaking change')}` : '';
  return `Checked: ${formatUnits(routes.length, 'operation')}${breaking}.`;
}
