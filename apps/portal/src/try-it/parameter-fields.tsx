import type { ParameterField, Place } from './operation-form.js';
import classes from './panel.module.css';

interface ParameterFieldsProps {
  readonly parameters: readonly ParameterField[];
  /** By the ids of the parameters. */
  readonly values: Readonly<Record<string, string>>;
  readonly faults: Readonly<Record<string, string>>;
  readonly onChange: (id: string, value: string) => void;
}

const PLACES: readonly { readonly place: Place; readonly title: string }[] = [
  { place: 'path', title: 'Path' },
  { place: 'query', title: 'Query' },
  { place: 'header', title: 'Headers' },
];

/** A field for each parameter, by the place that it has in the call. */
export function ParameterFields({ parameters, values, faults, onChange }: ParameterFieldsProps) {
  return PLACES.map(({ place, title }) => {
    const own = parameters.filter((field) => field.place === place);
    if (own.length === 0) return null;
    return (
      <fieldset key={place} className={classes.group}>
        <legend>{title}</legend>
        {own.map((field) => (
          <Parameter
            key={field.id}
            field={field}
            value={values[field.id] ?? ''}
            fault={faults[field.id]}
            onChange={(value) => onChange(field.id, value)}
          />
        ))}
      </fieldset>
    );
  });
}

interface ParameterProps {
  readonly field: ParameterField;
  readonly value: string;
  readonly fault: string | undefined;
  readonly onChange: (value: string) => void;
}

function Parameter({ field, value, fault, onChange }: ParameterProps) {
  const id = `try-${field.id.replace(/[^\w-]/g, (character) => `_${character.codePointAt(0)}_`)}`;
  const remarks = [field.isRequired ? '' : 'optional', field.hint, field.isDeprecated ? 'deprecated' : ''];
  return (
    <div className={classes.field}>
      <label htmlFor={id}>
        <code>{field.name}</code>
        <span className={classes.remark}>{remarks.filter((remark) => remark !== '').join(', ')}</span>
      </label>
      <Input id={id} field={field} value={value} fault={fault} onChange={onChange} />
      {fault !== undefined && (
        <p className={classes.fault} id={`${id}-fault`}>
          {fault}
        </p>
      )}
      {field.description !== '' && (
        <p className={classes.description} id={`${id}-description`}>
          {field.description}
        </p>
      )}
    </div>
  );
}

function Input({ id, field, value, fault, onChange }: ParameterProps & { readonly id: string }) {
  const describedBy = [
    ...(fault === undefined ? [] : [`${id}-fault`]),
    ...(field.description === '' ? [] : [`${id}-description`]),
  ].join(' ');
  const shared = {
    id,
    value,
    'aria-required': field.isRequired,
    'aria-invalid': fault !== undefined,
    ...(describedBy && { 'aria-describedby': describedBy }),
  };
  const choices = field.kind === 'boolean' ? ['true', 'false'] : field.choices;
  if (choices.length > 0) {
    return (
      <select {...shared} onChange={(event) => onChange(event.target.value)}>
        {(!field.isRequired || !choices.includes(value)) && <option value="">not sent</option>}
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      {...shared}
      type="text"
      inputMode={field.kind === 'integer' ? 'numeric' : field.kind === 'number' ? 'decimal' : 'text'}
      placeholder={field.example}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
