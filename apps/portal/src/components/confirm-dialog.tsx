import { Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Dialog } from './dialog.js';
import { ProblemAlert } from './problem-alert.js';

interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly children: ReactNode;
  /** What will be done, as a verb: "Revoke key". */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** Something is still to be filled in. */
  readonly isDisabled?: boolean;
  readonly isPending: boolean;
  readonly error: unknown;
  /** Shows what is there now, where somebody else has changed it. */
  readonly onReload?: () => void;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    opened,
    title,
    children,
    action,
    isDangerous = false,
    isDisabled = false,
    isPending,
    error,
    onReload,
    onConfirm,
    onClose,
  } = props;
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <Stack>
        <div>{children}</div>
        {error !== null && error !== undefined && <ProblemAlert error={error} {...(onReload && { onReload })} />}
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button color={isDangerous ? 'red' : 'accent'} loading={isPending} disabled={isDisabled} onClick={onConfirm}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
