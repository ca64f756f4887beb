import { Alert, Button, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { sendVerificationMail } from '../../api/authentication.js';
import { settingsQuery } from '../../api/settings.js';
import { wordsFor } from '../../api/problem.js';
import { TextLink } from '../../components/links.js';

interface ResendVerificationProps {
  readonly email: string;
  readonly callbackURL: string;
}

/** For someone who signs in before having confirmed the address. */
export function ResendVerification({ email, callbackURL }: ResendVerificationProps) {
  const { data: settings } = useQuery(settingsQuery);
  const resend = useMutation({ mutationFn: () => sendVerificationMail(email, callbackURL) });
  return (
    <Alert color="yellow" title="Confirm your e-mail address first" role="alert">
      <Text size="sm">Open the link that we sent to {email}.</Text>
      <Button size="xs" variant="default" mt="sm" loading={resend.isPending} onClick={() => resend.mutate()}>
        Send a new link
      </Button>
      <Text size="sm" mt={6} role="status">
        {resend.isSuccess && (
          <>
            Sent.{' '}
            {settings?.inbox && (
              <TextLink to="/inbox" underline="always">
                Open the inbox
              </TextLink>
            )}
          </>
        )}
        {resend.isError && wordsFor(resend.error)}
      </Text>
    </Alert>
  );
}
