import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { DeletionRequest, UserProfile } from '../api/types.js';
import { Dialog } from '../components/dialog.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { faultsOf, requiredFault } from '../pages/account/account-fields.js';
import { useFields } from '../pages/account/use-fields.js';
import { OwnPasswordInput } from '../user/own-password-input.js';

interface DeleteDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will be gone. */
  readonly children: ReactNode;
  /** What has to be typed, and what it is: "e-mail address". */
  readonly confirmation: { readonly text: string; readonly label: string };
  readonly profile: UserProfile;
  readonly onDelete: (request: DeletionRequest) => Promise<unknown>;
  readonly onDeleted: () => Promise<void>;
}

/** Asks for all that a deletion takes: the typed name, the password, and a code where there is a second factor. */
export function DeleteDialog({ opened, onClose, title, ...rest }: DeleteDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      {opened && <DeleteForm onClose={onClose} {...rest} />}
    </Dialog>
  );
}

const empty = { confirmation: '', password: '', code: '' };

function DeleteForm({
  onClose,
  children,
  confirmation,
  profile: { hasPassword, hasTwoFactor },
  onDelete,
  onDeleted,
}: Omit<DeleteDialogProps, 'opened' | 'title'>) {
  const { field, form, onSubmit } = useFields(empty, (typed) =>
    faultsOf({
      confirmation:
        typed.confirmation.trim().toLowerCase() === confirmation.text.toLowerCase()
          ? undefined
          : `Type ${confirmation.text}`,
      password: hasPassword ? requiredFault(typed.password, 'Enter your password.') : undefined,
      code: hasTwoFactor ? requiredFault(typed.code, 'Enter a code of your app, or a recovery code.') : undefined,
    }),
  );
  const remove = useMutation({
    mutationFn: ({ password, code, confirmation: typed }: typeof empty) =>
      onDelete({ confirmation: typed, ...(hasPassword && { password }), ...(hasTwoFactor && { code }) }),
    onSuccess: onDeleted,
  });
  return (
    <form ref={form} noValidate onSubmit={onSubmit((filled) => remove.mutate(filled))}>
      <Stack>
        <div>{children}</div>
        {remove.isError && <ProblemAlert error={remove.error} />}
        <TextInput
          label={`Type the ${confirmation.label}`}
          description={confirmation.text}
          autoComplete="off"
          required
          withAsterisk={false}
          data-autofocus
          {...field('confirmation')}
        />
        {hasPassword && <OwnPasswordInput {...field('password')} />}
        {hasTwoFactor && (
          <TextInput
            label="Code of your app"
            description="Or a recovery code."
            autoComplete="one-time-code"
            required
            withAsterisk={false}
            {...field('code')}
          />
        )}
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={remove.isPending}>
            Delete for good
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
