import { Button, Group, Stack, Text } from '@mantine/core';
import { replaceDocument } from '../api/api-versions.js';
import { Dialog } from '../components/dialog.js';
import { ProblemAlert } from '../components/problem-alert.js';
import classes from './api-versions.module.css';
import { CheckResult } from './check-result.js';
import { SourceField } from './source-field.js';
import type { VersionDialogProps } from './state-dialogs.js';
import { useDocumentCheck } from './use-document-check.js';
import { seenVersion, useReloadVersion, useVersionAction } from './use-version-action.js';

/** Puts another document in the place of a version's, after it was checked. */
export function ReplaceDocumentDialog({ version, opened, onClose }: VersionDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={`Replace the document of ${version.name}`} size="xl">
      <ReplaceForm version={version} onClose={onClose} />
    </Dialog>
  );
}

function ReplaceForm({ version, onClose }: Omit<VersionDialogProps, 'opened'>) {
  const isDraft = version.state === 'draft';
  // What callers have must not break: then it is the present document that counts, not the newest version.
  const check = useDocumentCheck(version.api.slug, isDraft ? undefined : version.name);
  const replace = useVersionAction(() => replaceDocument(seenVersion(version), check.source), onClose);
  const onReload = useReloadVersion(version, onClose);
  const compared = check.last?.compared;
  const isHarmful = !isDraft && check.isCurrent && !!compared && (compared.counts.breaking > 0 || compared.isCutShort);
  return (
    <Stack gap="lg">
      <Text size="sm">
        {isDraft
          ? 'Nobody but you sees it before the draft is published.'
          : 'Callers have this version. A document that breaks them is refused: add a version for that.'}
      </Text>
      <SourceField check={check} fault={undefined} />
      <div className={classes.part}>
        <CheckResult check={check} />
      </div>
      {replace.isError && <ProblemAlert error={replace.error} title="Not replaced" onReload={onReload} />}
      <Group justify="flex-end" gap="md">
        {isHarmful && (
          <Text size="sm" role="status">
            It would break callers of {version.name}.
          </Text>
        )}
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={!check.isCurrent || isHarmful} loading={replace.isPending} onClick={() => replace.mutate()}>
          Replace document
        </Button>
      </Group>
    </Stack>
  );
}
