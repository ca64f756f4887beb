import { Button, type ButtonProps, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Dialog } from './dialog.js';
import { ProblemAlert } from './problem-alert.js';
import { ReasonField } from './reason-field.js';
import { type Desk, useDeskAction } from './use-desk-action.js';

interface ReasonButtonProps {
  readonly label: string;
  readonly size?: ButtonProps['size'];
  /** For screen readers, where several have the same label. */
  readonly name?: string;
  readonly desk?: Desk;
  /** Of the dialog. */
  readonly title: string;
  /** What happens. */
  readonly children: ReactNode;
  /** What else is asked, above the reason. */
  readonly fields?: ReactNode;
  readonly reasonDescription: string;
  /** It may be left empty, and is then an empty text. */
  readonly isReasonOptional?: boolean;
  readonly action: string;
  readonly run: (reason: string) => Promise<unknown>;
}

/** A button that asks why, and then does something that cannot be taken back. */
export function ReasonButton({ label, size = 'sm', name, title, ...form }: ReasonButtonProps) {
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" size={size} aria-label={name} onClick={dialog.open}>
        {label}
      </Button>
      <Dialog opened={isOpen} onClose={dialog.close} title={title} size="lg">
        <ReasonForm {...form} onClose={dialog.close} />
      </Dialog>
    </>
  );
}

interface ReasonFormProps extends Omit<ReasonButtonProps, 'label' | 'size' | 'name' | 'title'> {
  readonly onClose: () => void;
}

function ReasonForm(props: ReasonFormProps) {
  const {
    desk = 'finance',
    children,
    fields,
    reasonDescription,
    isReasonOptional = false,
    action,
    run,
    onClose,
  } = props;
  const [reason, setReason] = useState('');
  const change = useDeskAction(desk, () => run(reason.trim()), onClose);
  const isMissing = !isReasonOptional && reason.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isMissing) change.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{children}</Text>
        {fields}
        <ReasonField
          isOptional={isReasonOptional}
          description={reasonDescription}
          value={reason}
          onChange={setReason}
        />
        {change.isError && <ProblemAlert error={change.error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={change.isPending} disabled={isMissing}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
