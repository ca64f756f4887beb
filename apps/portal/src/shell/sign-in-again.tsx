import { Button, Divider, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { IconExternalLink } from '@tabler/icons-react';
import { useState } from 'react';
import { signIn } from '../api/authentication.js';
import { beginSessionAnew, forgetPersonalData, sessionQuery } from '../api/session.js';
import { settingsQuery } from '../api/settings.js';
import type { Session } from '../api/types.js';
import { Dialog } from '../components/dialog.js';
import { PasswordForm } from '../user/password-form.js';
import { SecondFactorForm } from '../user/second-factor-form.js';

interface SignInAgainProps {
  readonly user: NonNullable<Session['user']>;
}

/** Stands above a page whose session has ended, so that what was typed there is not lost. What is below cannot be read. */
export function SignInAgain({ user }: SignInAgainProps) {
  const [hasPhone, setHasPhone] = useState(true);
  const queryClient = useQueryClient();
  const router = useRouter();
  // Who signs in elsewhere and comes back here has signed in.
  useQuery({ ...sessionQuery, refetchOnWindowFocus: 'always' });
  const goOn = async () => {
    await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    void queryClient.invalidateQueries();
  };
  const leave = async () => {
    await router.navigate({ to: '/' });
    await beginSessionAnew(queryClient);
    forgetPersonalData(queryClient);
  };
  const enter = useMutation({
    mutationFn: (password: string) => signIn(user.email, password),
    onSuccess: ({ twoFactorRequired }) => (twoFactorRequired ? undefined : goOn()),
  });
  return (
    <Dialog
      opened
      onClose={() => {}}
      title="You are signed out"
      withCloseButton={false}
      closeOnClickOutside={false}
      overlayProps={{ backgroundOpacity: 0.6, blur: 12 }}
    >
      {enter.data?.twoFactorRequired ? (
        <SecondFactorForm hasPhone={hasPhone} onHasPhone={setHasPhone} onSignedIn={goOn} />
      ) : (
        <Stack>
          <PasswordForm
            action="Sign in"
            cancel="Leave this page"
            isPending={enter.isPending}
            error={enter.error}
            onSubmit={enter.mutate}
            onCancel={() => void leave()}
          >
            Your session has ended. Sign in again as <strong>{user.email}</strong>, and go on where you were: what you
            typed is still there.
          </PasswordForm>
          <ByIdentityProvider />
        </Stack>
      )}
    </Dialog>
  );
}

/** For those who have no password here. In another tab, as this one would lose what was typed. */
function ByIdentityProvider() {
  const { data: settings } = useQuery(settingsQuery);
  if (!settings?.identityProvider) return null;
  return (
    <>
      <Divider label="or" />
      <Button
        component="a"
        href="/api/auth/oidc/sign-in?callbackURL=%2Fdashboard"
        target="_blank"
        rel="noreferrer"
        variant="default"
        fullWidth
        rightSection={<IconExternalLink size={16} aria-hidden />}
      >
        Continue with {settings.identityProvider}
        <span className="visually-hidden">, in a new tab</span>
      </Button>
    </>
  );
}
