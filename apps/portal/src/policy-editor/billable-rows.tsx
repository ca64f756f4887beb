import { Select } from '@mantine/core';
import { TextField, useFault } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { ListField, SelectorField } from './list-field.js';
import { OrderedRows } from './ordered-rows.js';
import { type BillableRuleWords, ruleBy, ruleOf } from './policy-words.js';

interface BillableRowsProps {
  readonly rules: readonly BillableRuleWords[];
  readonly onChange: (rules: readonly BillableRuleWords[]) => void;
}

/** What tells soft errors; the first row that matches holds. */
export function BillableRows({ rules, onChange }: BillableRowsProps) {
  return (
    <OrderedRows
      rows={rules}
      noun="rule"
      adding="Add rule"
      fresh={(): BillableRuleWords => ({ selector: '*', header: '', noneOf: [] })}
      onChange={onChange}
    >
      {(rule, index, { change, buttons }) => (
        <div className={classes.group} role="group" aria-label={`Rule ${index + 1}`}>
          <div className={classes.row}>
            <SelectorField
              path={`billableWhen.${index}.selector`}
              value={rule.selector ?? '*'}
              onChange={(selector) => change({ ...rule, selector })}
            />
            {buttons}
          </div>
          <RuleFields path={`billableWhen.${index}`} rule={rule} onChange={change} />
        </div>
      )}
    </OrderedRows>
  );
}

interface RuleProps {
  readonly path: string;
  readonly rule: BillableRuleWords;
  readonly onChange: (rule: BillableRuleWords) => void;
}

function RuleFields({ path, rule, onChange }: RuleProps) {
  const place = rule.pointer === undefined ? 'header' : 'pointer';
  const kind = rule.oneOf === undefined ? 'noneOf' : 'oneOf';
  // What fits no kind of rule is told of the rule as a whole.
  const fault = useFault(path);
  return (
    <div className={classes.fields} style={{ marginTop: 12 }}>
      <Select
        label="Told by"
        allowDeselect={false}
        data={[
          { value: 'header', label: 'A header' },
          { value: 'pointer', label: 'A value in the body' },
        ]}
        value={place}
        onChange={(next) => onChange(ruleBy(rule, next === 'pointer' ? 'pointer' : 'header'))}
      />
      <TextField
        path={`${path}.${place}`}
        label={place === 'header' ? 'Name of the header' : 'JSON pointer'}
        required
        {...(fault !== undefined && { 'aria-invalid': true })}
        placeholder={place === 'header' ? 'X-Error' : '/status'}
        value={rule[place] ?? ''}
        onChange={(text) => onChange({ ...rule, [place]: text })}
      />
      <Select
        label="Billed"
        allowDeselect={false}
        error={fault}
        data={[
          { value: 'noneOf', label: 'Unless it is one of' },
          { value: 'oneOf', label: 'Only if it is one of' },
        ]}
        value={kind}
        onChange={(next) => onChange(ruleOf(rule, next === 'oneOf' ? 'oneOf' : 'noneOf', rule[kind] ?? []))}
      />
      <ListField
        path={`${path}.${kind}`}
        label="Values"
        value={rule[kind]}
        onChange={(values) => onChange(ruleOf(rule, kind, values))}
      />
    </div>
  );
}
