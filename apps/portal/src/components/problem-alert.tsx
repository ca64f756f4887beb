import { Alert, Button, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { ProblemError, wordsFor } from '../api/problem.js';

interface ProblemAlertProps {
  readonly error: unknown;
  readonly title?: string;
  readonly onRetry?: () => void;
  /** Shows what is there now, where a change was refused because somebody else has made one. */
  readonly onReload?: () => void;
}

/** What went wrong, in words, with the id to quote when asking for help. */
export function ProblemAlert({ error, title, onRetry, onReload }: ProblemAlertProps) {
  const requestId = error instanceof ProblemError ? error.requestId : null;
  return (
    <Alert color="red" icon={<IconAlertCircle size={20} />} title={title} role="alert">
      <Text size="sm">{wordsFor(error)}</Text>
      {requestId && (
        <Text size="xs" c="dimmed" mt={4}>
          Request <span className="mono">{requestId}</span>
        </Text>
      )}
      {onReload && error instanceof ProblemError && error.status === 412 && (
        <Button size="xs" variant="default" mt="sm" onClick={onReload}>
          Leave mine and load theirs
        </Button>
      )}
      {onRetry && (
        <Button size="xs" variant="default" mt="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
