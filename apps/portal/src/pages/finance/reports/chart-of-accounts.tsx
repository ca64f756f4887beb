import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { accountsQuery, nameAccount } from '../../../api/reports.js';
import type { Account } from '../../../api/types.js';
import { DataTable } from '../../../components/data-table.js';
import { Dialog } from '../../../components/dialog.js';
import { Loaded } from '../../../components/loaded.js';
import { ProblemAlert } from '../../../components/problem-alert.js';
import { Section } from '../../../components/section.js';
import { TableSkeleton } from '../../../components/skeletons.js';

const columns = [
  { label: 'Number' },
  { label: 'Name' },
  { label: 'Kind', isMinor: true },
  { label: 'Of plan', isMinor: true },
  { label: 'Change', align: 'right', silent: true },
] as const;

const kinds: Readonly<Record<Account['kind'], string>> = {
  asset: 'Asset',
  liability: 'Liability',
  revenue: 'Revenue',
  expense: 'Expense',
};

/** The accounts of journal entries, which finance names as its own chart does. */
export function ChartOfAccounts() {
  const accounts = useQuery(accountsQuery);
  const [chosen, setChosen] = useState<Account | null>(null);
  return (
    <Section
      title="Chart of accounts"
      description="The accounts of journal entries. Give them the numbers and names of your own chart; entries of the past have them too from then on."
      flush
    >
      <Loaded query={accounts} skeleton={<TableSkeleton rows={8} />}>
        {(list) => (
          <DataTable caption="Chart of accounts" columns={columns}>
            {list.map((account) => (
              <Table.Tr key={`${account.account} ${account.plan}`}>
                <Table.Td className="tabular">{account.number}</Table.Td>
                <Table.Td>{account.name}</Table.Td>
                <Table.Td>{kinds[account.kind]}</Table.Td>
                <Table.Td>{account.plan ?? '–'}</Table.Td>
                <Table.Td ta="right">
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    aria-label={`Change ${account.number} ${account.name}`}
                    onClick={() => setChosen(account)}
                  >
                    Change
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </DataTable>
        )}
      </Loaded>
      <Dialog opened={chosen !== null} onClose={() => setChosen(null)} title="Name this account">
        {chosen && <AccountForm account={chosen} onDone={() => setChosen(null)} />}
      </Dialog>
    </Section>
  );
}

function AccountForm({ account, onDone }: { readonly account: Account; readonly onDone: () => void }) {
  const queryClient = useQueryClient();
  const [number, setNumber] = useState(account.number);
  const [name, setName] = useState(account.name);
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['finance'] });
  const save = useMutation({
    mutationFn: (named: { number: string; name: string } | null) => nameAccount(account, named),
    onError: refresh,
    onSuccess: async () => {
      await refresh();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ number, name });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          Journal entries call it <span className="mono">{account.account}</span>
          {account.plan !== null && <> for {account.plan}</>}, whatever its number.
        </Text>
        <TextInput
          label="Number"
          required
          maxLength={40}
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label="Name"
          required
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {save.isError && <ProblemAlert error={save.error} />}
        <Group justify="space-between">
          <Button variant="default" disabled={!account.isMapped || save.isPending} onClick={() => save.mutate(null)}>
            Take the name back
          </Button>
          <Button type="submit" loading={save.isPending} disabled={number.trim() === '' || name.trim() === ''}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
