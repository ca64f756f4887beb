import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { ProblemAlert } from '../components/problem-alert.js';
import { LinesSkeleton } from '../components/skeletons.js';
import { formatUnits } from '../format/number.js';
import { ChangeList, NoChange } from './change-list.js';
import { countWords, madeCount } from './change-words.js';
import { FileFaults } from './file-faults.js';
import type { CatalogFileEdit } from './use-catalog-file.js';

interface FileResultProps {
  readonly edit: CatalogFileEdit;
  /** Brings a line of the text into sight. */
  readonly onShowLine: (line: number) => void;
}

/** What a file would change, and has changed; the way from one to the other. */
export function FileResult({ edit, onShowLine }: FileResultProps) {
  const { compare, shown, isCurrent, apply, applied, content } = edit;
  const isOutdated = shown !== null && !isCurrent && !compare.isPending;
  const isShown = shown !== null && !compare.isPending && !compare.isError;
  return (
    <Stack gap="md">
      {/* Always there, so that screen readers say what comes into it. */}
      <Text size="sm" role="status" className={isOutdated ? undefined : 'visually-hidden'}>
        {compare.isPending && 'Comparing the file with what is live.'}
        {isOutdated && 'What is written has changed since. What stands here is of before: look again.'}
        {isShown && isCurrent && `Compared: ${countWords(shown.answer).join(', ')}.`}
      </Text>
      {compare.isPending && <LinesSkeleton lines={6} />}
      {compare.isError && <FileFaults error={compare.error} content={content} onShowLine={onShowLine} />}
      {apply.isError && <ProblemAlert error={apply.error} title="Nothing was applied" />}
      {isShown &&
        (shown.answer.changes.length === 0 ? <NoChange /> : <ChangeList answer={shown.answer} isMade={false} />)}
      {isShown && madeCount(shown.answer.changes) > 0 && (
        <Group gap="sm">
          <Button disabled={!isCurrent} loading={apply.isPending} onClick={() => apply.mutate(shown)}>
            Apply {formatUnits(madeCount(shown.answer.changes), 'change')}
          </Button>
          <Text size="sm" c="dimmed">
            All of it or nothing, and only what stands here.
          </Text>
        </Group>
      )}
      {applied && (
        <>
          <Alert color="green" icon={<IconCircleCheck size={20} />} role="status">
            {formatUnits(madeCount(applied.changes), 'change')} made. What is live is what the file says.
          </Alert>
          <ChangeList answer={applied} isMade />
        </>
      )}
      {!shown && !applied && !compare.isPending && !compare.isError && !apply.isError && (
        <Text size="sm" c="dimmed">
          What is new, what changes and what is retired stands here once you have looked. Looking changes nothing.
        </Text>
      )}
    </Stack>
  );
}
