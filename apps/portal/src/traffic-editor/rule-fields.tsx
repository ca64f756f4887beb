import { Button, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { TextField } from '../plan-editor/field-faults.js';
import { FormGroup } from '../plan-editor/form-group.js';
import classes from '../plan-editor/plan-editor.module.css';
import { changedAt, withOptional } from '../plan-editor/plan-terms.js';
import { OrderedRows } from '../policy-editor/ordered-rows.js';
import { NumberField } from '../upstream-editor/number-field.js';
import { RetryFields } from '../upstream-editor/retry-fields.js';
import { ChoiceFields } from './choice-fields.js';
import { MatchFields } from './match-fields.js';
import { type RuleWords, newRule } from './traffic-words.js';

interface RulesProps {
  readonly rules: readonly RuleWords[];
  readonly subsets: readonly string[];
  readonly onChange: (rules: readonly RuleWords[]) => void;
}

/** The rules in their order: the first that matches a call decides. */
export function RuleList({ rules, subsets, onChange }: RulesProps) {
  return (
    <Stack gap="md">
      <OrderedRows
        rows={rules}
        noun="rule"
        adding="Add rule"
        fresh={() => newRule(rules, subsets[0] ?? '')}
        onChange={onChange}
      >
        {(rule, index, { change, buttons }) => (
          <FormGroup title={`Rule ${index + 1}`} actions={buttons}>
            <RuleFields path={`traffic.rules.${index}`} rule={rule} subsets={subsets} onChange={change} />
          </FormGroup>
        )}
      </OrderedRows>
    </Stack>
  );
}

interface RuleProps {
  readonly path: string;
  readonly rule: RuleWords;
  readonly subsets: readonly string[];
  readonly onChange: (rule: RuleWords) => void;
}

function RuleFields({ path, rule, subsets, onChange }: RuleProps) {
  const { match } = rule;
  const changeMatch = (next: RuleWords['match']) => onChange({ ...rule, match: next });
  return (
    <Stack gap="md">
      <div className={classes.fields}>
        <TextField
          path={`${path}.name`}
          label="Name"
          description="Another name draws the shares of applications anew."
          required
          value={rule.name}
          onChange={(name) => onChange({ ...rule, name })}
        />
        <NumberField
          path={`${path}.responseTimeoutMs`}
          label="Until an answer begins"
          suffix=" ms"
          usual="As the upstream"
          value={rule.responseTimeoutMs}
          onChange={(value) => onChange(withOptional(rule, 'responseTimeoutMs', value))}
        />
      </div>
      {match.map((one, index) => (
        <div key={index} className={classes.group} role="group" aria-label={`Calls ${index + 1}`}>
          <div className={classes.groupHead}>
            <Text size="sm" fw={550}>
              {index === 0 ? 'Calls with all of this' : 'Or calls with all of this'}
            </Text>
            {match.length > 1 && (
              <Button size="xs" variant="default" onClick={() => changeMatch(changedAt(match, index, null))}>
                Remove
              </Button>
            )}
          </div>
          <MatchFields
            path={`${path}.match.${index}`}
            words={one}
            onChange={(next) => changeMatch(changedAt(match, index, next))}
          />
        </div>
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => changeMatch([...match, {}])}
        >
          Add other calls
        </Button>
      </div>
      <ChoiceFields path={path} words={rule} subsets={subsets} onChange={onChange} />
      <RetryFields
        path={`${path}.retries`}
        label="Try its calls again in another way"
        description="Off: as the upstream says. On: by this alone, and the caller pays once."
        words={rule.retries}
        onChange={(retries) => onChange(withOptional(rule, 'retries', retries))}
      />
    </Stack>
  );
}
