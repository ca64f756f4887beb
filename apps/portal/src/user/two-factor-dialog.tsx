import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sessionKey } from '../api/session.js';
import type { TwoFactorSetUp } from '../api/types.js';
import { beginTwoFactor, confirmTwoFactor, userKey } from '../api/user.js';
import { CopyIcon } from '../components/copy-button.js';
import { Dialog } from '../components/dialog.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { faultsOf } from '../pages/account/account-fields.js';
import { useFields } from '../pages/account/use-fields.js';
import { CodeInput, codeFault } from './code-input.js';
import { PasswordForm } from './password-form.js';
import { QrCode } from './qr-code.js';
import { RecoveryCodes } from './recovery-codes.js';

interface TwoFactorDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Password, QR code, a code of the app, then the recovery codes: only who sees them has it turned on. */
export function TwoFactorDialog({ opened, onClose }: TwoFactorDialogProps) {
  const [setUp, setSetUp] = useState<TwoFactorSetUp | null>(null);
  const [isOn, setOn] = useState(false);
  const begin = useMutation({ mutationFn: beginTwoFactor, onSuccess: setSetUp });
  const forget = () => {
    setSetUp(null);
    setOn(false);
    begin.reset();
  };
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={forget}
      title={isOn ? 'Your recovery codes' : 'Set up two-factor authentication'}
      closeOnClickOutside={!isOn}
      closeOnEscape={!isOn}
    >
      {!setUp ? (
        <PasswordForm
          action="Continue"
          isPending={begin.isPending}
          error={begin.error}
          onSubmit={(password) => begin.mutate(password)}
          onCancel={onClose}
        >
          You need an authenticator app on your phone, such as Aegis, Google Authenticator or 1Password.
        </PasswordForm>
      ) : isOn ? (
        <RecoveryCodes codes={setUp.recoveryCodes} onDone={onClose} />
      ) : (
        <ConfirmCode setUp={setUp} onConfirmed={() => setOn(true)} onCancel={onClose} />
      )}
    </Dialog>
  );
}

interface ConfirmCodeProps {
  readonly setUp: TwoFactorSetUp;
  readonly onConfirmed: () => void;
  readonly onCancel: () => void;
}

function ConfirmCode({ setUp: { uri, secret }, onConfirmed, onCancel }: ConfirmCodeProps) {
  const queryClient = useQueryClient();
  const confirm = useMutation({
    mutationFn: confirmTwoFactor,
    onSuccess: async () => {
      onConfirmed();
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: userKey }),
        queryClient.invalidateQueries({ queryKey: sessionKey }),
      ]);
    },
  });
  const { field, form, onSubmit } = useFields({ code: '' }, ({ code }) => faultsOf({ code: codeFault(code) }));
  return (
    <form ref={form} noValidate onSubmit={onSubmit(({ code }) => confirm.mutate(code))}>
      <Stack>
        <Text size="sm">Scan this with the app, then type the code that it shows.</Text>
        <Group justify="center">
          <QrCode text={uri} label="QR code for the authenticator app" />
        </Group>
        <div>
          <Text size="xs" c="dimmed">
            Or type this key into the app:
          </Text>
          <Group gap={4} wrap="nowrap">
            <code className="mono" style={{ overflowWrap: 'anywhere' }} data-testid="two-factor-secret">
              {secret}
            </code>
            <CopyIcon text={secret} label="Copy the key" />
          </Group>
        </div>
        {confirm.isError && <ProblemAlert error={confirm.error} />}
        <CodeInput data-autofocus {...field('code')} />
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={confirm.isPending}>
            Turn on
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
