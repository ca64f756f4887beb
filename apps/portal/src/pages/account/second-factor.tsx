import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { signInWithCode, signInWithRecoveryCode } from '../../api/authentication.js';
import { ProblemError } from '../../api/problem.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { CodeInput, codeFault } from '../../user/code-input.js';
import { AccountCard } from './account-card.js';
import { faultsOf, requiredFault } from './account-fields.js';
import { useFields } from './use-fields.js';

interface SecondFactorProps {
  readonly onSignedIn: () => Promise<void>;
  /** The sign-in must begin anew. */
  readonly onBack: () => void;
}

/** The second step of a sign-in, after the password. */
export function SecondFactor({ onSignedIn, onBack }: SecondFactorProps) {
  const [hasPhone, setHasPhone] = useState(true);
  const end = useMutation({
    mutationFn: ({ code }: { code: string }) => (hasPhone ? signInWithCode(code) : signInWithRecoveryCode(code)),
    onSuccess: onSignedIn,
  });
  const { field, form, onSubmit, reset } = useFields({ code: '' }, ({ code }) =>
    faultsOf({ code: hasPhone ? codeFault(code) : requiredFault(code, 'Enter one of your recovery codes.') }),
  );
  const hasLapsed = end.error instanceof ProblemError && end.error.code === 'sign_in_lapsed';
  const choose = (withPhone: boolean) => {
    setHasPhone(withPhone);
    end.reset();
    reset();
  };
  return (
    <AccountCard
      title="Two-factor authentication"
      description={hasPhone ? 'Type the code that your authenticator app shows.' : 'Each recovery code works once.'}
      below={
        <Anchor component="button" type="button" underline="always" onClick={onBack}>
          Begin anew
        </Anchor>
      }
    >
      <form ref={form} noValidate onSubmit={onSubmit((filled) => end.mutate(filled))}>
        <Stack gap="md">
          {end.isError && <ProblemAlert error={end.error} />}
          {hasPhone ? (
            <CodeInput key="code" autoFocus {...field('code')} />
          ) : (
            <TextInput
              key="recovery-code"
              label="Recovery code"
              autoComplete="off"
              autoFocus
              required
              withAsterisk={false}
              {...field('code')}
            />
          )}
          <Button type="submit" size="md" mt={4} fullWidth loading={end.isPending} disabled={hasLapsed}>
            Sign in
          </Button>
          <Anchor component="button" type="button" size="sm" ta="center" onClick={() => choose(!hasPhone)}>
            {hasPhone ? 'Use a recovery code' : 'Use the authenticator app'}
          </Anchor>
        </Stack>
      </form>
    </AccountCard>
  );
}
