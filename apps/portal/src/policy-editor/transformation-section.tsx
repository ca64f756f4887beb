import { Text } from '@mantine/core';
import { TextField, useFault } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { BodyFields } from './body-fields.js';
import type { PolicyProps } from './caller-sections.js';
import { ChangeFields } from './change-fields.js';
import { SelectorField } from './list-field.js';
import { OrderedRows } from './ordered-rows.js';
import { PolicyGroup } from './policy-group.js';
import { type TransformationForm, withChangePart } from './policy-words.js';

/** What passes otherwise than it came. */
export function TransformationSection({ words, onChange }: PolicyProps) {
  return (
    <PolicyGroup
      path="transformations"
      title="Change requests and responses"
      description="All that match an operation apply, in their order. Values may hold ${request.id}, ${consumer.id}, ${application.id}, ${plan}, ${mode} and ${path.NAME}."
      guide="transformations"
      value={words.transformations}
      initial={[{ selector: '*' }]}
      onChange={(value) => onChange(withOptional(words, 'transformations', value))}
    >
      {(transformations) => (
        <OrderedRows
          rows={transformations}
          noun="change"
          adding="Add change"
          fresh={(): TransformationForm => ({ selector: '*' })}
          onChange={(next) => onChange({ ...words, transformations: next })}
        >
          {(one, index, { change, buttons }) => (
            <div className={classes.group} role="group" aria-label={`Change ${index + 1}`}>
              <div className={classes.row}>
                <SelectorField
                  path={`transformations.${index}.selector`}
                  value={one.selector}
                  onChange={(selector) => change({ ...one, selector })}
                />
                {buttons}
              </div>
              <TransformationFields path={`transformations.${index}`} words={one} onChange={change} />
            </div>
          )}
        </OrderedRows>
      )}
    </PolicyGroup>
  );
}

interface TransformationProps {
  readonly path: string;
  readonly words: TransformationForm;
  readonly onChange: (words: TransformationForm) => void;
}

function TransformationFields({ path, words, onChange }: TransformationProps) {
  const fault = useFault(path);
  const { request, response } = words;
  return (
    <>
      {fault && (
        <Text size="sm" c="red">
          {fault}
        </Text>
      )}
      <ChangeFields
        path={`${path}.request.headers`}
        title="Headers of requests"
        noun="header of requests"
        words={request?.headers}
        onChange={(value) => onChange(withChangePart(words, 'request', 'headers', value))}
      />
      <ChangeFields
        path={`${path}.request.query`}
        title="Query parameters"
        noun="query parameter"
        words={request?.query}
        onChange={(value) => onChange(withChangePart(words, 'request', 'query', value))}
      />
      <PathFields path={path} words={words} onChange={onChange} />
      <BodyFields
        path={`${path}.request.body`}
        title="Body of requests"
        form={request?.body}
        onChange={(value) => onChange(withChangePart(words, 'request', 'body', value))}
      />
      <ChangeFields
        path={`${path}.response.headers`}
        title="Headers of responses"
        noun="header of responses"
        words={response?.headers}
        onChange={(value) => onChange(withChangePart(words, 'response', 'headers', value))}
      />
      <BodyFields
        path={`${path}.response.body`}
        title="Body of responses"
        isOfAnswers
        form={response?.body}
        onChange={(value) => onChange(withChangePart(words, 'response', 'body', value))}
      />
    </>
  );
}

/** Relative to the base path before, and to the upstream's address after. */
function PathFields({ path, words, onChange }: TransformationProps) {
  const before = words.request?.path ?? {};
  const fault = useFault(`${path}.request.path`);
  const change = (field: 'stripPrefix' | 'rewrite', text: string) => {
    const next = withOptional(before, field, text || undefined);
    onChange(withChangePart(words, 'request', 'path', Object.keys(next).length === 0 ? undefined : next));
  };
  return (
    <div className={classes.fields} role="group" aria-label="Path" style={{ marginTop: 14 }}>
      {fault && (
        <Text size="sm" c="red" style={{ gridColumn: '1 / -1' }}>
          {fault}
        </Text>
      )}
      <TextField
        path={`${path}.request.path.stripPrefix`}
        label="Cut off the path where it begins with"
        placeholder="Nothing"
        value={before.stripPrefix ?? ''}
        onChange={(text) => change('stripPrefix', text)}
      />
      <TextField
        path={`${path}.request.path.rewrite`}
        label="Another path"
        placeholder="As it is: /v2/things/${path.id}"
        value={before.rewrite ?? ''}
        onChange={(text) => change('rewrite', text)}
      />
    </div>
  );
}
