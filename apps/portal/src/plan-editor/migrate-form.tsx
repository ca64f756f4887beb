import { Button, Group, NumberInput, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type OverridesMode, migrateSubscribers } from '../api/publisher.js';
import type { PublisherPlanVersion } from '../api/types.js';
import { ProblemAlert } from '../components/problem-alert.js';

interface MigrateFormProps {
  readonly version: Pick<PublisherPlanVersion, 'id' | 'number' | 'product' | 'plan'>;
  readonly onClose: () => void;
}

/** Brings the subscribers of a plan's other versions to this one, with notice. */
export function MigrateForm({ version, onClose }: MigrateFormProps) {
  const queryClient = useQueryClient();
  const [noticeDays, setNoticeDays] = useState(30);
  const [overrides, setOverrides] = useState<OverridesMode>('keep');
  const migrate = useMutation({
    mutationFn: () => migrateSubscribers(version.id, noticeDays, overrides),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['publisher'] }),
  });
  if (migrate.isSuccess) {
    const { migrated, skipped, kept } = migrate.data;
    return (
      <Stack>
        <Text size="sm">
          {migrated === 1 ? '1 subscription changes' : `${migrated} subscriptions change`} with the end of its period.
          {skipped > 0 && ` ${skipped} in another currency stay as they are.`}
          {kept > 0 && ` ${kept} with terms of their own stay as they are.`}
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        migrate.mutate();
      }}
    >
      <Stack>
        <Text size="sm">
          Subscribers of earlier versions of {version.product.title} {version.plan.title} come to version{' '}
          {version.number} with the end of the period that is under way when the notice has passed. They get a mail now.
        </Text>
        <NumberInput
          label="Notice, in days"
          min={0}
          max={365}
          allowDecimal={false}
          value={noticeDays}
          onChange={(value) => setNoticeDays(typeof value === 'number' ? value : 0)}
        />
        <Select
          label="Subscriptions with terms of their own"
          allowDeselect={false}
          value={overrides}
          data={[
            { value: 'keep', label: 'Stay as they are' },
            { value: 'carry', label: 'Come along with their terms' },
            { value: 'end', label: 'Lose them and come along' },
          ]}
          onChange={(value) => value && setOverrides(value as OverridesMode)}
        />
        {migrate.isError && <ProblemAlert error={migrate.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave them
          </Button>
          <Button type="submit" loading={migrate.isPending}>
            Give notice
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
