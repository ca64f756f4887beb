import { Alert, Button, Group, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { UsageRequest } from '../../api/types.js';
import { DateTime } from '../../components/date-time.js';
import { durationWords } from '../../usage/request-words.js';

interface FirstSuccessProps {
  /** Null when the success is older than what is at hand. */
  readonly request: UsageRequest | null;
  readonly onHide: () => void;
}

/** The checklist's end: the first successful call was seen. */
export function FirstSuccess({ request, onHide }: FirstSuccessProps) {
  return (
    <Alert color="green" icon={<IconCheck size={20} />} role="status">
      <Group justify="space-between">
        <Text size="sm">
          <strong>You are live.</strong>{' '}
          {request ? (
            <>
              First success:{' '}
              <span className="mono">
                {request.status} {request.method} {request.operation}
              </span>{' '}
              in {durationWords(request.durationMs)}, <DateTime at={request.admittedAt} format="relative" />.
            </>
          ) : (
            'Every call that follows is counted here within seconds.'
          )}
        </Text>
        <Button size="xs" variant="subtle" color="green" onClick={onHide}>
          Hide
        </Button>
      </Group>
    </Alert>
  );
}
