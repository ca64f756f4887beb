import { Button, Group, Radio, Select, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type KeyRestrictions, createCredential } from '../api/credentials.js';
import { faultsByField } from '../api/problem.js';
import type { Application, IssuedCredential } from '../api/types.js';
import { serverClock } from '../clock/server-clock.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { useOrganizationId } from '../organization/organization-context.js';
import { expiryChoices, expiryOf } from './credential-state.js';
import { RestrictionChoice } from './restriction-choice.js';

const unrestricted: KeyRestrictions = { allowedAddresses: [], products: [], operations: [] };

interface CreateKeyFormProps {
  readonly application: Application;
  readonly onCancel: () => void;
  readonly onIssued: (issued: IssuedCredential) => void;
}

export function CreateKeyForm({ application, onCancel, onIssued }: CreateKeyFormProps) {
  const [name, setName] = useState('');
  const [mode, setMode] = useState<'live' | 'test'>('live');
  const [expiry, setExpiry] = useState('never');
  const [isRestricted, { toggle: toggleRestricted }] = useDisclosure(false);
  const [restrictions, setRestrictions] = useState(unrestricted);
  const create = useCreateKey(application.id);
  const fault = faultsByField(create.error)['name'];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const expiresAt = expiryOf(expiry, serverClock.now());
    const request = {
      name: name.trim() || 'Default key',
      mode,
      ...(expiresAt ? { expiresAt } : {}),
      ...(isRestricted ? { restrictions } : {}),
    };
    create.mutate(request, { onSuccess: onIssued });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Key name"
          description="Where the key will be used, so that you know which one to revoke."
          placeholder="Default key"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fault}
          maxLength={100}
          data-autofocus
        />
        <Radio.Group label="Mode" value={mode} onChange={(value) => setMode(value === 'test' ? 'test' : 'live')}>
          <Stack gap="xs">
            <Radio value="live" label="Live" description="Calls count towards the plan of the subscription." />
            <Radio
              value="test"
              label="Test"
              description="Calls are never charged and have a daily quota of their own."
            />
          </Stack>
        </Radio.Group>
        <Select
          label="Expires"
          data={expiryChoices.map(({ value, label }) => ({ value, label }))}
          value={expiry}
          onChange={(value) => setExpiry(value ?? 'never')}
          allowDeselect={false}
        />
        <RestrictionChoice
          isRestricted={isRestricted}
          onToggle={toggleRestricted}
          value={restrictions}
          onChange={setRestrictions}
        />
        {create.isError && !fault && <ProblemAlert error={create.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useCreateKey(applicationId: string) {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (request: Parameters<typeof createCredential>[2]) =>
      createCredential(organizationId, applicationId, request),
    // The key must not stay in memory longer than the dialog shows it.
    gcTime: 0,
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['organization', organizationId, 'applications'] });
    },
  });
}
