import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sessionKey, sessionQuery } from '../api/session.js';
import type { UserProfile } from '../api/types.js';
import { renewRecoveryCodes, turnTwoFactorOff, userKey } from '../api/user.js';
import { Dialog } from '../components/dialog.js';
import { Section } from '../components/section.js';
import { StatusBadge } from '../components/status-badge.js';
import { PasswordForm } from './password-form.js';
import { RecoveryCodes } from './recovery-codes.js';
import { TwoFactorDialog } from './two-factor-dialog.js';

type Opened = 'set-up' | 'renew' | 'turn-off' | null;

const FEW_CODES = 3;

export function TwoFactorSection({ profile }: { readonly profile: UserProfile }) {
  const { data: session } = useQuery(sessionQuery);
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  const { hasTwoFactor, hasPassword, recoveryCodesLeft } = profile;
  return (
    <Section
      title="Two-factor authentication"
      description="A code of an app on your phone, besides the password."
      actions={<StatusBadge tone={hasTwoFactor ? 'positive' : 'neutral'}>{hasTwoFactor ? 'On' : 'Off'}</StatusBadge>}
    >
      <Stack gap="md">
        {session?.twoFactorMissing && (
          <Alert color="yellow" title="Your role asks for it">
            Your desks of this installation open once two-factor authentication is on.
          </Alert>
        )}
        {hasTwoFactor ? (
          <>
            <Text size="sm" {...(recoveryCodesLeft <= FEW_CODES && { c: 'var(--tg-warning)' })}>
              {recoveryCodesLeft === 0
                ? 'You have no recovery codes left: make new ones, or you are locked out without your phone.'
                : `You have ${recoveryCodesLeft} unused recovery ${recoveryCodesLeft === 1 ? 'code' : 'codes'}.`}
            </Text>
            <Group gap="sm">
              <Button variant="default" onClick={() => setOpened('renew')}>
                New recovery codes
              </Button>
              <Button variant="subtle" color="red" onClick={() => setOpened('turn-off')}>
                Turn off
              </Button>
            </Group>
          </>
        ) : (
          <Group>
            <Button onClick={() => setOpened('set-up')} disabled={!hasPassword}>
              Set up
            </Button>
            {!hasPassword && (
              <Text size="sm" c="dimmed">
                Choose a password first.
              </Text>
            )}
          </Group>
        )}
      </Stack>
      <TwoFactorDialog opened={opened === 'set-up'} onClose={close} />
      <RenewDialog opened={opened === 'renew'} onClose={close} />
      <TurnOffDialog opened={opened === 'turn-off'} onClose={close} />
    </Section>
  );
}

interface DialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

function RenewDialog({ opened, onClose }: DialogProps) {
  const queryClient = useQueryClient();
  const renew = useMutation({
    mutationFn: renewRecoveryCodes,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: userKey }),
  });
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={renew.reset}
      title={renew.data ? 'Your recovery codes' : 'Make new recovery codes?'}
      closeOnClickOutside={!renew.data}
      closeOnEscape={!renew.data}
    >
      {renew.data ? (
        <RecoveryCodes codes={renew.data} onDone={onClose} />
      ) : (
        <PasswordForm
          action="Make new codes"
          isPending={renew.isPending}
          error={renew.error}
          onSubmit={(password) => renew.mutate(password)}
          onCancel={onClose}
        >
          The codes that you have now are void then.
        </PasswordForm>
      )}
    </Dialog>
  );
}

function TurnOffDialog({ opened, onClose }: DialogProps) {
  const queryClient = useQueryClient();
  const turnOff = useMutation({
    mutationFn: turnTwoFactorOff,
    onSuccess: async () => {
      onClose();
      notifications.show({ message: 'Two-factor authentication is off.' });
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: userKey }),
        queryClient.invalidateQueries({ queryKey: sessionKey }),
      ]);
    },
  });
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={turnOff.reset}
      title="Turn off two-factor authentication?"
    >
      <PasswordForm
        action="Turn off"
        isDangerous
        isPending={turnOff.isPending}
        error={turnOff.error}
        onSubmit={(password) => turnOff.mutate(password)}
        onCancel={onClose}
      >
        Your password alone is enough to sign in then. The key in your app and the recovery codes are void.
      </PasswordForm>
    </Dialog>
  );
}
