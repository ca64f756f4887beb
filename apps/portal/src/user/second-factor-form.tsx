import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { signInWithCode, signInWithRecoveryCode } from '../api/authentication.js';
import { ProblemError } from '../api/problem.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { faultsOf, requiredFault } from '../pages/account/account-fields.js';
import { useFields } from '../pages/account/use-fields.js';
import { CodeInput, codeFault } from './code-input.js';

interface SecondFactorFormProps {
  /** Asks for a code of the authenticator app, or else for a recovery code. */
  readonly hasPhone: boolean;
  readonly onHasPhone: (hasPhone: boolean) => void;
  readonly onSignedIn: () => Promise<void>;
}

/** Ends a sign-in that was begun with the password. */
export function SecondFactorForm({ hasPhone, onHasPhone, onSignedIn }: SecondFactorFormProps) {
  const end = useMutation({
    mutationFn: ({ code }: { code: string }) => (hasPhone ? signInWithCode(code) : signInWithRecoveryCode(code)),
    onSuccess: onSignedIn,
  });
  const { field, form, onSubmit, reset } = useFields({ code: '' }, ({ code }) =>
    faultsOf({ code: hasPhone ? codeFault(code) : requiredFault(code, 'Enter one of your recovery codes.') }),
  );
  const hasLapsed = end.error instanceof ProblemError && end.error.code === 'sign_in_lapsed';
  const choose = (withPhone: boolean) => {
    onHasPhone(withPhone);
    end.reset();
    reset();
  };
  return (
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
  );
}
