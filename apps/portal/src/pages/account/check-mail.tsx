import { Anchor, Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { sendVerificationMail } from '../../api/authentication.js';
import { settingsQuery } from '../../api/settings.js';
import { ButtonLink } from '../../components/links.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { wayBackTo } from '../../router/safe-path.js';
import { usePageStart } from '../../shell/use-page-start.js';
import { AccountCard } from './account-card.js';

interface CheckMailProps {
  readonly email: string;
  /** Where the link in the mail leads after it signed the person in. */
  readonly callbackURL: string | undefined;
  /** Back to the form, with what was typed, for an address that was mistyped. */
  readonly onCorrect: () => void;
}

/** After signing up. The same for addresses that had an account before, so that nobody can probe for them. */
export function CheckMail({ email, callbackURL, onCorrect }: CheckMailProps) {
  usePageStart();
  const { data: settings } = useQuery(settingsQuery);
  const resend = useMutation({
    mutationFn: () => sendVerificationMail(email.trim(), wayBackTo(callbackURL)),
  });
  return (
    <AccountCard
      title="Check your mail"
      below={
        <>
          Not your address?{' '}
          <Anchor component="button" type="button" inherit underline="always" onClick={onCorrect}>
            Correct it
          </Anchor>
        </>
      }
    >
      <Text>
        We sent a link to <strong>{email.trim()}</strong>. Open it to confirm the address; it signs you in.
      </Text>
      <Text size="sm" c="dimmed" mt="sm">
        Nothing there after a minute? Look into the spam folder, or let us send it again.
      </Text>
      {resend.isError && <ProblemAlert error={resend.error} />}
      <Group mt="lg" gap="sm">
        {settings?.inbox && <ButtonLink to="/inbox">Open the inbox</ButtonLink>}
        <Button variant="default" loading={resend.isPending} onClick={() => resend.mutate()}>
          Send again
        </Button>
      </Group>
      <Text size="sm" mt="sm" mih={21} role="status">
        {resend.isSuccess && 'Sent again.'}
      </Text>
    </AccountCard>
  );
}
