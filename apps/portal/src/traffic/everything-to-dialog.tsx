import { List, Text } from '@mantine/core';
import type { ApiVersionName } from '../api/api-versions.js';
import type { Tagged } from '../api/client.js';
import type { VersionSplits } from '../api/types.js';
import { ConfirmDialog } from '../components/confirm-dialog.js';
import { allTo, sharesWords, splitName, splitsElsewhere } from './shares.js';
import { useChangeShares } from './use-change-shares.js';

interface EverythingToDialogProps {
  readonly version: ApiVersionName;
  readonly splits: Tagged<VersionSplits>;
  readonly subset: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks before all calls go to one subset, those of rules as well. */
export function EverythingToDialog({ version, splits, subset, opened, onClose }: EverythingToDialogProps) {
  const { mutation, reload } = useChangeShares(version, splits, onClose);
  const elsewhere = splitsElsewhere(splits, subset);
  const shares = allTo(subset, splits);
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Send everything to ${subset}?`}
      action={`Send everything to ${subset}`}
      isDangerous
      isPending={mutation.isPending}
      error={mutation.error}
      onReload={reload}
      onConfirm={() => mutation.mutate(elsewhere.map(({ rule }) => ({ rule, shares })))}
    >
      <Text size="sm" mb="xs">
        Within a second every gateway sends all calls to {subset}. The other subsets stay, without a share.
      </Text>
      <List size="sm">
        {elsewhere.map(({ rule, shares: now }) => (
          <List.Item key={rule ?? ''}>
            {splitName(rule, splits.splits.length === 1)}: now {sharesWords(now)}
          </List.Item>
        ))}
      </List>
    </ConfirmDialog>
  );
}
