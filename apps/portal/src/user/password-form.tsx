import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemAlert } from '../components/problem-alert.js';
import { faultsOf, requiredFault } from '../pages/account/account-fields.js';
import { useFields } from '../pages/account/use-fields.js';
import { OwnPasswordInput } from './own-password-input.js';

interface PasswordFormProps {
  readonly children: ReactNode;
  /** What will be done, as a verb. */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** What the other button does. */
  readonly cancel?: string;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onSubmit: (password: string) => void;
  readonly onCancel: () => void;
}

/** Asks for the password before something that a thief of the session would like to do. */
export function PasswordForm(props: PasswordFormProps) {
  const {
    children,
    action,
    isDangerous = false,
    cancel = 'Cancel',
    isPending,
    error,
    onSubmit: submit,
    onCancel,
  } = props;
  const { field, form, onSubmit } = useFields({ password: '' }, ({ password }) =>
    faultsOf({ password: requiredFault(password, 'Enter your password.') }),
  );
  return (
    <form ref={form} noValidate onSubmit={onSubmit(({ password }) => submit(password))}>
      <Stack>
        <Text size="sm">{children}</Text>
        {error !== null && <ProblemAlert error={error} />}
        <OwnPasswordInput data-autofocus {...field('password')} />
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={onCancel}>
            {cancel}
          </Button>
          <Button type="submit" color={isDangerous ? 'red' : 'accent'} loading={isPending}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
