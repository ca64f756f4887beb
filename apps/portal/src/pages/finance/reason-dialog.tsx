import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Dialog } from '../../components/dialog.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { ReasonField } from './reason-field.js';

interface ReasonDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What happens. */
  readonly children: ReactNode;
  /** What else is asked, above the reason. */
  readonly fields?: ReactNode;
  readonly reasonDescription: string;
  readonly action: string;
  readonly run: (reason: string) => Promise<unknown>;
}

/** Asks why, and then does something to an invoice that cannot be taken back. */
export function ReasonDialog({ opened, onClose, title, ...form }: ReasonDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={title} size="lg">
      <ReasonForm {...form} onClose={onClose} />
    </Dialog>
  );
}

function ReasonForm(props: Omit<ReasonDialogProps, 'opened' | 'title'>) {
  const { children, fields, reasonDescription, action, run, onClose } = props;
  const queryClient = useQueryClient();
  const [reason, setReason] = useState('');
  const change = useMutation({
    mutationFn: () => run(reason),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['finance'] });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() !== '') change.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{children}</Text>
        {fields}
        <ReasonField description={reasonDescription} value={reason} onChange={setReason} />
        {change.isError && <ProblemAlert error={change.error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={change.isPending} disabled={reason.trim() === ''}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
