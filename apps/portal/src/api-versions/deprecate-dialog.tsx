import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { apiVersionCallersQuery, deprecateApiVersion } from '../api/api-versions.js';
import { ProblemError } from '../api/problem.js';
import { DayField } from '../components/day-field.js';
import { Dialog } from '../components/dialog.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { formatUnits } from '../format/number.js';
import { capitalized } from '../format/text.js';
import { notifyLabel, organizationCountOf } from './caller-words.js';
import { CallersLine } from './callers-line.js';
import type { VersionDialogProps } from './state-dialogs.js';
import { seenVersion, useReloadVersion, useVersionAction } from './use-version-action.js';

/** Tells readers and callers that they should leave a version, and until when. */
export function DeprecateDialog({ version, opened, onClose }: VersionDialogProps) {
  const isAgain = version.state === 'deprecated';
  const title = isAgain ? 'Change the day' : `Deprecate ${version.api.title} ${version.name}`;
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <DeprecateForm version={version} onClose={onClose} />
    </Dialog>
  );
}

function DeprecateForm({ version, onClose }: Omit<VersionDialogProps, 'opened'>) {
  const isAgain = version.state === 'deprecated';
  const [day, setDay] = useState(version.sunsetOn ?? '');
  const [retires, setRetires] = useState(version.retiresAtSunset);
  const [notifies, setNotifies] = useState(false);
  const { data } = useQuery(apiVersionCallersQuery({ api: version.api.slug, version: version.name }));
  const organizations = organizationCountOf(data?.callers ?? []);
  const deprecate = useVersionAction(
    () =>
      deprecateApiVersion(seenVersion(version), {
        sunsetOn: day === '' ? null : day,
        retiresAtSunset: retires && day !== '',
        notifies,
      }),
    ({ notified }) => {
      if (notified > 0)
        notifications.show({
          message: `${formatUnits(notified, 'organization')} ${notified === 1 ? 'gets' : 'get'} an e-mail.`,
        });
      onClose();
    },
  );
  const onReload = useReloadVersion(version, onClose);
  const { error } = deprecate;
  const isOfDay = error instanceof ProblemError && error.code === 'sunset_past';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    deprecate.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          {isAgain
            ? 'Its documentation and its answers say the new day at once.'
            : 'It still answers. Its documentation says that it should not be used any more, and so do its answers in their header fields.'}
        </Text>
        <DayField
          label="Switched off from (UTC)"
          description="Empty for no day yet."
          value={day}
          error={isOfDay ? capitalized(error.message.replace(/^sunsetOn: /, '')) : undefined}
          onChange={(next) => {
            setDay(next);
            deprecate.reset();
          }}
        />
        <Checkbox
          label="Switch it off by itself on that day"
          description="Calls get 404 from then on. Your team and those who still call it get a mail a week and a day before. Without it, retire it yourself."
          disabled={day === ''}
          checked={retires && day !== ''}
          onChange={(event) => setRetires(event.currentTarget.checked)}
        />
        <CallersLine version={version} />
        {organizations > 0 && (
          <Checkbox
            label={notifyLabel(organizations)}
            description="To owners, admins and developers, by e-mail."
            checked={notifies}
            onChange={(event) => setNotifies(event.currentTarget.checked)}
          />
        )}
        {deprecate.isError && !isOfDay && <ProblemAlert error={error} title="Not changed" onReload={onReload} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={deprecate.isPending}>
            {isAgain ? 'Change the day' : 'Deprecate'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
