import { ActionIcon, Button, SegmentedControl, Select, Stack } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { TextField } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { changedAt, withOptional } from '../plan-editor/plan-terms.js';
import { NumberField } from './number-field.js';
import { type TargetWords, type UpstreamWords, atOnePlace, atTargets, withBalancing } from './upstream-words.js';

export interface UpstreamProps {
  readonly words: UpstreamWords;
  readonly onChange: (words: UpstreamWords) => void;
}

/** Where calls go: to one place, or to several that share them. */
export function PlaceFields({ words, onChange }: UpstreamProps) {
  const { targets } = words;
  return (
    <Stack gap="md">
      <SegmentedControl
        aria-label="How many places"
        w="fit-content"
        data={[
          { value: 'one', label: 'One place' },
          { value: 'several', label: 'Several targets' },
        ]}
        value={targets ? 'several' : 'one'}
        onChange={(value) => onChange(value === 'several' ? atTargets(words) : atOnePlace(words))}
      />
      {targets ? (
        <Targets words={words} targets={targets} onChange={onChange} />
      ) : (
        <TextField
          path="url"
          label="Address"
          description="Scheme, host, and maybe a port and a path."
          required
          type="url"
          placeholder="https://internal.example.com/v1"
          value={words.url ?? ''}
          onChange={(url) => onChange({ ...words, url })}
        />
      )}
    </Stack>
  );
}

function Targets({ words, targets, onChange }: UpstreamProps & { readonly targets: readonly TargetWords[] }) {
  const hasSubsets = words['traffic'] !== undefined;
  const change = (index: number, target: TargetWords | null) =>
    onChange({ ...words, targets: changedAt(targets, index, target) });
  return (
    <>
      {targets.map((target, index) => (
        <div key={index} className={classes.row} role="group" aria-label={`Target ${index + 1}`}>
          <TextField
            path={`targets.${index}.url`}
            label="Address"
            required
            type="url"
            value={target.url}
            onChange={(url) => change(index, { ...target, url })}
          />
          <NumberField
            path={`targets.${index}.weight`}
            label="Weight"
            usual={1}
            value={target.weight}
            onChange={(weight) => change(index, withOptional(target, 'weight', weight))}
          />
          {hasSubsets && (
            <TextField
              path={`targets.${index}.subset`}
              label="Subset"
              value={target.subset ?? ''}
              onChange={(subset) => change(index, withOptional(target, 'subset', subset || undefined))}
            />
          )}
          {targets.length > 1 && (
            <ActionIcon size={36} aria-label={`Remove target ${index + 1}`} onClick={() => change(index, null)}>
              <IconTrash size={18} />
            </ActionIcon>
          )}
        </div>
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange({ ...words, targets: [...targets, { url: '' }] })}
        >
          Add target
        </Button>
      </div>
      <Select
        label="Shared out"
        maw={320}
        allowDeselect={false}
        data={[
          { value: 'round-robin', label: 'In turn, by weight' },
          { value: 'least-requests', label: 'To the one with the fewest calls under way' },
          { value: 'consistent-hash', label: 'The same caller to the same target' },
        ]}
        value={words.balancing ?? 'round-robin'}
        onChange={(value) => value && onChange(withBalancing(words, value))}
      />
    </>
  );
}
