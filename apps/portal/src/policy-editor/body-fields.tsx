import { ActionIcon, Button, Select, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { TextField, useFault } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { changedAt, withOptional } from '../plan-editor/plan-terms.js';
import { NumberField } from '../upstream-editor/number-field.js';
import type { BodyForm, RenamedField, SetField } from './body-form.js';
import { JsonField } from './json-field.js';
import { OrderedRows } from './ordered-rows.js';
import { PolicyGroup } from './policy-group.js';
import { USUAL_POLICY } from './policy-words.js';

interface BodyFieldsProps {
  readonly path: string;
  readonly title: string;
  readonly isOfAnswers?: boolean;
  /** Undefined where bodies pass as they are. */
  readonly form: BodyForm | undefined;
  readonly onChange: (form: BodyForm | undefined) => void;
}

/** What becomes of JSON bodies, in the order in which gateways do it. */
export function BodyFields({ path, title, isOfAnswers = false, form, onChange }: BodyFieldsProps) {
  return (
    <div style={{ marginTop: 14 }}>
      <PolicyGroup
        path={path}
        title={title}
        description={`JSON only${isOfAnswers ? ', of 2xx answers' : ''}: fields are removed, renamed, set, and then the whole of it is made anew.`}
        value={form}
        initial={{}}
        onChange={onChange}
      >
        {(value) => (
          <>
            <RemovedFields path={`${path}.remove`} form={value} onChange={onChange} />
            <RenamedFields path={`${path}.rename`} form={value} onChange={onChange} />
            <SetFields path={`${path}.set`} form={value} onChange={onChange} />
            <TemplateField path={`${path}.template`} form={value} onChange={onChange} />
            <BoundFields path={path} form={value} isOfAnswers={isOfAnswers} onChange={onChange} />
          </>
        )}
      </PolicyGroup>
    </div>
  );
}

interface PartProps {
  readonly path: string;
  readonly form: BodyForm;
  readonly onChange: (form: BodyForm) => void;
}

/** Of a list as a whole, such as that it is too long. */
function ListFault({ path }: { readonly path: string }) {
  const fault = useFault(path);
  return fault === undefined ? null : (
    <Text size="sm" c="red">
      {fault}
    </Text>
  );
}

function RemovedFields({ path, form, onChange }: PartProps) {
  const change = (next: readonly string[]) =>
    onChange(withOptional(form, 'remove', next.length === 0 ? undefined : next));
  return (
    <>
      <ListFault path={path} />
      <OrderedRows
        rows={form.remove ?? []}
        noun="removed field"
        adding="Remove a field"
        fresh={() => ''}
        onChange={change}
      >
        {(pointer, index, { change: changeRow, buttons }) => (
          <div className={classes.row} role="group" aria-label={`removed field ${index + 1}`}>
            <TextField
              path={`${path}.${index}`}
              label="Field to remove"
              required
              autoComplete="off"
              placeholder="/internal/cost"
              value={pointer}
              onChange={changeRow}
            />
            {buttons}
          </div>
        )}
      </OrderedRows>
    </>
  );
}

function RenamedFields({ path, form, onChange }: PartProps) {
  const change = (next: readonly RenamedField[]) =>
    onChange(withOptional(form, 'rename', next.length === 0 ? undefined : next));
  return (
    <>
      <ListFault path={path} />
      <OrderedRows
        rows={form.rename ?? []}
        noun="renamed field"
        adding="Rename a field"
        fresh={(): RenamedField => ({ from: '', to: '' })}
        onChange={change}
      >
        {(row, index, { change: changeRow, buttons }) => (
          <div className={classes.row} role="group" aria-label={`renamed field ${index + 1}`}>
            <TextField
              path={`${path}.${index}.from`}
              label="Field to rename"
              required
              autoComplete="off"
              placeholder="/name"
              value={row.from ?? ''}
              onChange={(from) => changeRow({ ...row, from })}
            />
            <TextField
              path={`${path}.${index}.to`}
              label="Becomes"
              required
              autoComplete="off"
              placeholder="/title"
              value={row.to ?? ''}
              onChange={(to) => changeRow({ ...row, to })}
            />
            {buttons}
          </div>
        )}
      </OrderedRows>
    </>
  );
}

/** In no order that anybody keeps: nothing moves them. */
function SetFields({ path, form, onChange }: PartProps) {
  const rows = form.set ?? [];
  const change = (next: readonly SetField[]) =>
    onChange(withOptional(form, 'set', next.length === 0 ? undefined : next));
  return (
    <>
      <ListFault path={path} />
      {rows.map((row, index) => (
        <SetRow
          key={index}
          path={`${path}.${row.pointer}`}
          name={`set field ${index + 1}`}
          row={row}
          isReplaced={rows.slice(index + 1).some(({ pointer }) => pointer === row.pointer)}
          onChange={(next) => change(changedAt(rows, index, next))}
        />
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => change([...rows, { pointer: '', as: 'text', value: '' }])}
        >
          Set a field
        </Button>
      </div>
    </>
  );
}

interface SetRowProps {
  readonly path: string;
  readonly name: string;
  readonly row: SetField;
  readonly isReplaced: boolean;
  /** Null takes the row away. */
  readonly onChange: (row: SetField | null) => void;
}

function SetRow({ path, name, row, isReplaced, onChange }: SetRowProps) {
  // Told of the row as a whole: of its value, unless the pointer is none.
  const fault = useFault(path);
  const isOfValue = row.pointer.startsWith('/');
  const change = (value: string) => onChange({ ...row, value });
  return (
    <div className={classes.row} role="group" aria-label={name}>
      <TextInput
        label="Field to set"
        required
        autoComplete="off"
        placeholder="/by"
        error={isReplaced ? 'It is below again, which holds' : !isOfValue && fault}
        value={row.pointer}
        onChange={(event) => onChange({ ...row, pointer: event.currentTarget.value })}
      />
      <Select
        label="Is"
        allowDeselect={false}
        data={[
          { value: 'text', label: 'A text' },
          { value: 'json', label: 'JSON' },
        ]}
        value={row.as}
        onChange={(as) => as && onChange({ ...row, as })}
      />
      {row.as === 'text' ? (
        <TextInput
          label="Value"
          autoComplete="off"
          error={isOfValue && fault}
          value={row.value}
          onChange={(event) => change(event.currentTarget.value)}
        />
      ) : (
        <JsonField
          label="Value"
          required
          style={{ flex: '3 1 240px' }}
          minRows={1}
          fault={isOfValue ? fault : undefined}
          value={row.value}
          onChange={change}
        />
      )}
      <ActionIcon size={36} aria-label={`Remove ${name}`} onClick={() => onChange(null)}>
        <IconTrash size={18} />
      </ActionIcon>
    </div>
  );
}

function TemplateField({ path, form, onChange }: PartProps) {
  return (
    <JsonField
      label="Whole new body"
      description="JSON. A text that is just ${body/pointer} is that value of the body before."
      placeholder={'As it is: { "data": "${body}" }'}
      minRows={3}
      fault={useFault(path)}
      value={form.template ?? ''}
      onChange={(text) => onChange(withOptional(form, 'template', text.trim() === '' ? undefined : text))}
    />
  );
}

interface BoundProps extends PartProps {
  readonly isOfAnswers: boolean;
}

function BoundFields({ path, form, isOfAnswers, onChange }: BoundProps) {
  return (
    <div className={classes.fields}>
      <NumberField
        path={`${path}.maxBytes`}
        label="Largest body that is changed"
        suffix=" bytes"
        usual={USUAL_POLICY.checkedBytes}
        value={form.maxBytes}
        onChange={(bytes) => onChange(withOptional(form, 'maxBytes', bytes))}
      />
      {isOfAnswers && (
        <Select
          label="A larger one"
          allowDeselect={false}
          data={[
            { value: 'pass', label: 'Passes unchanged' },
            { value: 'refuse', label: 'Is replaced by a 502' },
          ]}
          value={form.tooLarge ?? 'pass'}
          onChange={(next) => onChange(withOptional(form, 'tooLarge', next === 'refuse' ? next : undefined))}
        />
      )}
    </div>
  );
}
