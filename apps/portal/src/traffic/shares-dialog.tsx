import { Button, NumberInput, Slider, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ApiVersionName } from '../api/api-versions.js';
import type { Tagged } from '../api/client.js';
import type { SubsetShare, TrafficSplit, VersionSplits } from '../api/types.js';
import { ConfirmDialog } from '../components/confirm-dialog.js';
import { areSame, percentOf, percentShares, percentWords, sharesWords, splitName, weightsOf } from './shares.js';
import { SplitBar } from './split-bar.js';
import { useChangeShares } from './use-change-shares.js';

interface SharesDialogProps {
  readonly version: ApiVersionName;
  readonly splits: Tagged<VersionSplits>;
  readonly split: TrafficSplit;
  readonly opened: boolean;
  readonly onClose: () => void;
}

const mostWeight = 1_000_000;

/** Changes the shares of a split, and shows what that does before it is done. */
export function SharesDialog({ version, splits, split, opened, onClose }: SharesDialogProps) {
  const subsets = splits.subsets.map(({ name }) => name);
  const [shares, setShares] = useState(() => weightsOf(split.shares, subsets));
  const { mutation, reload } = useChangeShares(version, splits, onClose);
  const isNothing = shares.every(({ weight }) => weight === 0);
  const name = splitName(split.rule, splits.splits.length === 1);
  const setWeight = (subset: string, weight: number) =>
    setShares(shares.map((share) => (share.subset === subset ? { subset, weight } : share)));
  const [first, second] = subsets;
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Shares: ${name}`}
      action="Change shares"
      isDisabled={isNothing || areSame(shares, split.shares)}
      isPending={mutation.isPending}
      error={mutation.error}
      onReload={reload}
      onConfirm={() => mutation.mutate([{ rule: split.rule, shares }])}
    >
      <Stack gap="md">
        {first !== undefined && second !== undefined && subsets.length === 2 ? (
          <PercentOfSecond first={first} second={second} shares={shares} onChange={setShares} />
        ) : (
          shares.map(({ subset, weight }) => (
            <NumberInput
              key={subset}
              label={`Weight of ${subset}`}
              description={`${percentWords(percentOf(shares, subset))} of applications`}
              value={weight}
              min={0}
              max={mostWeight}
              allowDecimal={false}
              allowNegative={false}
              clampBehavior="strict"
              onChange={(value) => setWeight(subset, typeof value === 'number' ? value : 0)}
            />
          ))
        )}
        {split.writtenShares && (
          <Button
            variant="subtle"
            size="xs"
            style={{ alignSelf: 'flex-start' }}
            onClick={() => setShares(weightsOf(split.writtenShares ?? [], subsets))}
          >
            As the version was written: {sharesWords(split.writtenShares)}
          </Button>
        )}
        <div aria-live="polite" data-testid="shares-preview">
          <SplitBar shares={shares} subsets={subsets} />
          <Text size="sm" mt="xs">
            {isNothing ? 'Some subset must get the calls.' : previewWords(split.shares, shares)}
          </Text>
        </div>
      </Stack>
    </ConfirmDialog>
  );
}

interface PercentOfSecondProps {
  readonly first: string;
  readonly second: string;
  readonly shares: readonly SubsetShare[];
  readonly onChange: (shares: SubsetShare[]) => void;
}

/** Of two subsets the share of one says that of the other. */
function PercentOfSecond({ first, second, shares, onChange }: PercentOfSecondProps) {
  const percent = percentOf(shares, second);
  const change = (wanted: number) => onChange(percentShares(first, second, wanted));
  return (
    <div>
      <NumberInput
        label={`Share of ${second}`}
        description={`In percent of applications; ${first} has the others.`}
        suffix="%"
        value={Number(percent.toFixed(1))}
        min={0}
        max={100}
        decimalScale={1}
        allowNegative={false}
        clampBehavior="strict"
        onChange={(value) => change(typeof value === 'number' ? value : 0)}
      />
      <Slider
        mt="md"
        thumbLabel={`Share of ${second} in percent`}
        label={null}
        min={0}
        max={100}
        value={Math.round(percent)}
        onChange={change}
      />
    </div>
  );
}

/** What a change does: which subset grows and which shrinks, and who moves. */
function previewWords(before: readonly SubsetShare[], after: readonly SubsetShare[]): string {
  if (areSame(before, after)) return 'Nothing changes yet.';
  const moves = after.flatMap(({ subset }) => {
    const [was, will] = [percentOf(before, subset), percentOf(after, subset)];
    return Math.abs(was - will) < 1e-9 ? [] : `${subset} ${percentWords(was)} → ${percentWords(will)}`;
  });
  return `${moves.join(', ')}. Applications move only to a subset that grows beside theirs; all others stay where they are. Gateways do so within a second.`;
}
