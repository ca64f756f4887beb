import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  apiVersionQuery,
  deleteApiVersionDraft,
  publishApiVersion,
  publisherApisQuery,
  retireApiVersion,
} from '../api/api-versions.js';
import { ConfirmDialog } from '../components/confirm-dialog.js';
import { CallersLine } from './callers-line.js';
import { type OwnVersion, seenVersion, useReloadVersion, useVersionAction } from './use-version-action.js';

export interface VersionDialogProps {
  /** As it was seen when the dialog opened. */
  readonly version: OwnVersion;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks before callers and readers get a version, for the first time or again. */
export function PublishDialog({ version, opened, onClose }: VersionDialogProps) {
  const publish = useVersionAction(() => publishApiVersion(seenVersion(version)), onClose);
  const onReload = useReloadVersion(version, onClose);
  const isAgain = version.state !== 'draft';
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Publish ${version.api.title} ${version.name}${isAgain ? ' again' : ''}?`}
      action={isAgain ? 'Publish again' : 'Publish'}
      isPending={publish.isPending}
      error={publish.error}
      onReload={onReload}
      onConfirm={() => publish.mutate()}
    >
      <Text size="sm">{publishWords(version)}</Text>
    </ConfirmDialog>
  );
}

function publishWords({ state, sunsetOn }: OwnVersion): string {
  if (state === 'deprecated')
    return `Readers are not told any more that they should leave it${sunsetOn === null ? '' : ', and the day on which it was to be switched off is taken back'}.`;
  if (state === 'retired') return 'It answers calls again within a second, and stands in the documentation as before.';
  return 'Its documentation is there for readers, and it answers calls within a second. From then on its document can be replaced only by one that breaks no caller.';
}

/** Asks before a version stops to answer. */
export function RetireDialog({ version, opened, onClose }: VersionDialogProps) {
  const retire = useVersionAction(() => retireApiVersion(seenVersion(version)), onClose);
  const onReload = useReloadVersion(version, onClose);
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Retire ${version.api.title} ${version.name}?`}
      action="Retire"
      isDangerous
      isPending={retire.isPending}
      error={retire.error}
      onReload={onReload}
      onConfirm={() => retire.mutate()}
    >
      <Text size="sm" mb="sm">
        Calls of it get 404 at once, and its documentation says that it is gone. It can be published again.
      </Text>
      <CallersLine version={version} />
    </ConfirmDialog>
  );
}

/** Asks before a draft is thrown away. */
export function DeleteDraftDialog({ version, opened, onClose }: VersionDialogProps) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteApiVersionDraft(seenVersion(version)),
    onSuccess: async () => {
      await navigate({ to: '/publisher/apis' });
      const name = { api: version.api.slug, version: version.name };
      queryClient.removeQueries({ queryKey: apiVersionQuery(name).queryKey });
      await queryClient.invalidateQueries({ queryKey: publisherApisQuery.queryKey });
    },
  });
  const onReload = useReloadVersion(version, onClose);
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Delete the draft ${version.name}?`}
      action="Delete draft"
      isDangerous
      isPending={remove.isPending}
      error={remove.error}
      onReload={onReload}
      onConfirm={() => remove.mutate()}
    >
      <Text size="sm">Its document is deleted with it. It cannot be brought back.</Text>
    </ConfirmDialog>
  );
}
