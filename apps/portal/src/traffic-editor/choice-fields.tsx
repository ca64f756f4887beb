import { Select, Text } from '@mantine/core';
import { useFault, useFaultBelow } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { NumberField } from '../upstream-editor/number-field.js';
import { type ChoiceWords, choiceValue, withChoice, withShare } from './traffic-words.js';

interface ChoiceProps<Whole> {
  readonly path: string;
  readonly words: Whole;
  readonly subsets: readonly string[];
  /** Whether calls may be refused as well. */
  readonly refuses?: boolean;
  readonly onChange: (words: Whole) => void;
}

/** Where the calls of a rule go, or those that none matches. */
export function ChoiceFields<Whole extends ChoiceWords>({
  path,
  words,
  subsets,
  refuses = false,
  onChange,
}: ChoiceProps<Whole>) {
  const fault = useFault(path);
  const subsetFault = useFault(`${path}.subset`);
  const splitFault = useFaultBelow(`${path}.split`);
  const { split } = words;
  return (
    <>
      <Select
        label="Go to"
        maw={320}
        allowDeselect={false}
        error={subsetFault ?? fault}
        placeholder="Choose a subset"
        data={[
          ...subsets.map((name) => ({ value: `subset:${name}`, label: name })),
          { value: 'split', label: 'Shares of subsets' },
          ...(refuses ? [{ value: 'refuse', label: 'Nowhere: 404' }] : []),
        ]}
        value={choiceValue(words)}
        onChange={(value) => value && onChange(withChoice(words, value, subsets))}
      />
      {split && (
        <div className={classes.fields}>
          {subsets.map((name) => (
            <NumberField
              key={name}
              path={`${path}.split.${split.findIndex(({ subset }) => subset === name)}.weight`}
              label={`Weight of ${name}`}
              usual="None"
              value={split.find(({ subset }) => subset === name)?.weight}
              onChange={(weight) => onChange({ ...words, split: withShare(split, name, weight) })}
            />
          ))}
        </div>
      )}
      {splitFault && (
        <Text size="sm" c="red">
          {splitFault}
        </Text>
      )}
    </>
  );
}
