import { Button, Group, Table, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { revokeCredential } from '../api/credentials.js';
import type { Application, Credential } from '../api/types.js';
import { useNow } from '../clock/use-now.js';
import { ConfirmDialog } from '../components/confirm-dialog.js';
import { DataTable } from '../components/data-table.js';
import { DateTime } from '../components/date-time.js';
import { StatusBadge } from '../components/status-badge.js';
import { useOrganizationId } from '../organization/organization-context.js';
import { credentialState, sortedCredentials } from './credential-state.js';
import { EditKeyDialog } from './edit-key-dialog.js';
import { restrictionWords } from './restriction-words.js';
import { RotateKeyDialog } from './rotate-key-dialog.js';

interface KeyTableProps {
  readonly application: Application;
  readonly credentials: readonly Credential[];
  readonly mayManage: boolean;
}

const columns = [
  { label: 'Name' },
  { label: 'Key' },
  { label: 'State' },
  { label: 'Created' },
  { label: 'Last used' },
  { label: 'Actions', silent: true },
];

export function KeyTable({ application, credentials, mayManage }: KeyTableProps) {
  const now = useNow(30_000);
  const [revoking, setRevoking] = useState<Credential | null>(null);
  const [editing, setEditing] = useState<Credential | null>(null);
  const [rotating, setRotating] = useState<Credential | null>(null);
  const successors = new Set(credentials.map(({ rotatedFromId }) => rotatedFromId));
  const revoke = useRevoke(() => setRevoking(null));
  return (
    <>
      <DataTable caption="Keys" columns={columns} minWidth={820}>
        {sortedCredentials(credentials, now).map((credential) => {
          const state = credentialState(credential, now);
          const restricted = restrictionWords(credential);
          return (
            <Table.Tr key={credential.id} {...(state.works ? {} : { c: 'dimmed' })}>
              <Table.Td fw={500}>
                <span>
                  {credential.name}
                  {restricted && (
                    <Text size="xs" c="dimmed">
                      {restricted}
                    </Text>
                  )}
                </span>
              </Table.Td>
              <Table.Td>
                <span className="mono">{credential.display}…</span>
                {credential.mode === 'test' && (
                  <Text span size="xs" c="dimmed" ml={8}>
                    {credential.isTryIt ? 'test, made in the docs' : 'test'}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <StatusBadge tone={state.tone}>{state.label}</StatusBadge>
              </Table.Td>
              <Table.Td>
                <DateTime at={credential.createdAt} format="date" />
              </Table.Td>
              <Table.Td>
                {credential.lastUsedAt ? <DateTime at={credential.lastUsedAt} format="relative" /> : 'Never'}
              </Table.Td>
              <Table.Td ta="right">
                {state.works && mayManage && (
                  <Group gap={4} justify="flex-end" wrap="nowrap">
                    {!credential.isTryIt && (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        aria-label={`Edit key ${credential.name}`}
                        onClick={() => setEditing(credential)}
                      >
                        Edit
                      </Button>
                    )}
                    {!credential.isTryIt && !successors.has(credential.id) && (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        aria-label={`Rotate key ${credential.name}`}
                        onClick={() => setRotating(credential)}
                      >
                        Rotate
                      </Button>
                    )}
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="red"
                      aria-label={`Revoke key ${credential.name}`}
                      onClick={() => setRevoking(credential)}
                    >
                      Revoke
                    </Button>
                  </Group>
                )}
              </Table.Td>
            </Table.Tr>
          );
        })}
      </DataTable>
      <EditKeyDialog
        credential={editing}
        mayExpireLater={editing !== null && !successors.has(editing.id)}
        onClose={() => setEditing(null)}
      />
      <RotateKeyDialog application={application} credential={rotating} onClose={() => setRotating(null)} />
      <ConfirmDialog
        opened={revoking !== null}
        title="Revoke this key?"
        action="Revoke key"
        isDangerous
        isPending={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoking && revoke.mutate(revoking)}
        onClose={() => setRevoking(null)}
      >
        <Text size="sm">
          Calls with <span className="mono">{revoking?.display}…</span> ({revoking?.name}) are refused within a second,
          everywhere. This cannot be undone.
        </Text>
      </ConfirmDialog>
    </>
  );
}

function useRevoke(onRevoked: () => void) {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (credential: Credential) => revokeCredential(organizationId, credential.id),
    onSuccess: async (credential) => {
      await queryClient.invalidateQueries({ queryKey: ['organization', organizationId, 'applications'] });
      notifications.show({ message: `${credential.name} is revoked.` });
      onRevoked();
    },
  });
}
