import { Button, Checkbox, Group, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type AccessTokenScope, accessTokensQuery, createAccessToken } from '../../api/access-tokens.js';
import { settingsQuery } from '../../api/settings.js';
import { CodeBlock } from '../../components/code-block.js';
import { Dialog } from '../../components/dialog.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { RevealedSecret } from '../../components/revealed-secret.js';
import { scopeWords } from './scope-words.js';

const DAY_MS = 86_400_000;
const lives = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
];

interface CreateTokenDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** What a token can be for. */
  readonly scopes: readonly AccessTokenScope[];
}

/** Asks for a token, and shows it: the only time that it can be seen. */
export function CreateTokenDialog({ opened, onClose, scopes }: CreateTokenDialogProps) {
  const [token, setToken] = useState<string | null>(null);
  const close = () => {
    setToken(null);
    onClose();
  };
  return (
    <Dialog opened={opened} onClose={close} title={token === null ? 'Create token' : 'Your token'}>
      {token === null ? (
        <CreateTokenForm scopes={scopes} onCancel={close} onCreated={setToken} />
      ) : (
        <RevealedToken token={token} onDone={close} />
      )}
    </Dialog>
  );
}

interface CreateTokenFormProps {
  readonly scopes: readonly AccessTokenScope[];
  readonly onCancel: () => void;
  readonly onCreated: (token: string) => void;
}

function CreateTokenForm({ scopes, onCancel, onCreated }: CreateTokenFormProps) {
  const queryClient = useQueryClient();
  const { data: settings } = useQuery(settingsQuery);
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [chosen, setChosen] = useState<string[]>(['read']);
  const create = useMutation({
    mutationFn: () =>
      createAccessToken({
        name: name.trim(),
        scopes: scopes.filter((scope) => chosen.includes(scope)),
        expiresAt: new Date(Date.parse(settings!.now) + Number(days) * DAY_MS).toISOString(),
      }),
    onSuccess: async ({ token }) => {
      onCreated(token);
      await queryClient.invalidateQueries({ queryKey: accessTokensQuery.queryKey });
    },
  });
  const isReady = name.trim() !== '' && chosen.length > 0 && settings !== undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) create.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="Where it is used: a machine, a pipeline."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={120}
          required
          withAsterisk={false}
          data-autofocus
        />
        <Select
          label="Works for"
          data={lives}
          value={days}
          allowDeselect={false}
          onChange={(value) => value && setDays(value)}
        />
        <Checkbox.Group label="What it may do" value={chosen} onChange={setChosen}>
          <Stack gap="xs" mt="xs">
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                value={scope}
                label={scopeWords[scope].label}
                description={scopeWords[scope].description}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        {create.isError && <ProblemAlert error={create.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={!isReady}>
            Create token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function RevealedToken({ token, onDone }: { readonly token: string; readonly onDone: () => void }) {
  return (
    <RevealedSecret
      kind="token"
      label="Token"
      secret={token}
      onDone={onDone}
      words={
        <>
          Copy it now and store it like a password. <strong>It is not shown again.</strong>
        </>
      }
    >
      <CodeBlock
        title="Use it"
        copyLabel="Copy commands"
        code={`export PORTAL_URL=${window.location.origin}\nexport TOLLGATE_TOKEN=tgp_…\ntollgate api GET /api/v1/organizations/ID/applications`}
      />
    </RevealedSecret>
  );
}
