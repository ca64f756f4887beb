import { Select } from '@mantine/core';
import { TextField } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { ListField } from '../policy-editor/list-field.js';
import { NumberField } from '../upstream-editor/number-field.js';
import { LongField, WholeAnswerFields } from './common-fields.js';
import { StatusPairs } from './paired-fields.js';
import { type OperationProps, TranslatedOperations } from './translated-operations.js';
import { type SoapOperation, type SoapWords, USUAL_TRANSLATION } from './translation-words.js';

const PATH = 'translation.soap';

interface SoapProps {
  readonly words: SoapWords;
  readonly onChange: (words: SoapWords) => void;
}

/** REST to SOAP: an envelope for each operation. */
export function SoapFields({ words, onChange }: SoapProps) {
  return (
    <>
      <Select
        label="Version of SOAP"
        maw={320}
        allowDeselect={false}
        data={['1.1', '1.2']}
        value={words.version ?? '1.1'}
        onChange={(version) => onChange(withOptional(words, 'version', version === '1.2' ? version : undefined))}
      />
      <TranslatedOperations
        path={`${PATH}.operations`}
        title="All operations of the document"
        fresh={{ envelope: '', result: '' } satisfies SoapOperation as SoapOperation}
        words={words.operations}
        onChange={(operations = {}) => onChange({ ...words, operations })}
      >
        {(operation) => <OperationFields {...operation} />}
      </TranslatedOperations>
      <StatusPairs
        path={`${PATH}.faultStatuses`}
        title="Statuses of faults"
        noun="status"
        nameLabel="Element of the detail, or code"
        valueLabel="Status"
        words={words.faultStatuses}
        onChange={(statuses) => onChange(withOptional(words, 'faultStatuses', statuses))}
      />
      <WholeAnswerFields path={PATH} words={words} onChange={onChange} />
    </>
  );
}

function OperationFields({ path, words, onChange }: OperationProps<SoapOperation>) {
  const list = (field: 'lists' | 'numbers' | 'booleans') => ({
    path: `${path}.${field}`,
    placeholder: 'None: rows/row',
    value: words[field],
    onChange: (next: readonly string[]) => onChange(withOptional(words, field, next.length === 0 ? undefined : next)),
  });
  return (
    <div style={{ display: 'grid', gap: 12, marginTop: 12 }}>
      <LongField
        path={`${path}.envelope`}
        label="Envelope"
        description="XML with ${path.NAME}, ${query.NAME} and ${body/json/pointer} in texts and values of attributes."
        required
        value={words.envelope ?? ''}
        onChange={(envelope) => onChange({ ...words, envelope })}
      />
      <div className={classes.fields}>
        <TextField
          path={`${path}.action`}
          label="Action"
          placeholder="None"
          value={words.action ?? ''}
          onChange={(action) => onChange(withOptional(words, 'action', action || undefined))}
        />
        <TextField
          path={`${path}.result`}
          label="Result, by elements below Body"
          required
          placeholder="GetRateResponse/Rate"
          value={words.result ?? ''}
          onChange={(result) => onChange({ ...words, result })}
        />
        <NumberField
          path={`${path}.nullStatus`}
          label="Status of a null"
          usual={USUAL_TRANSLATION.nullStatus}
          value={words.nullStatus}
          onChange={(status) => onChange(withOptional(words, 'nullStatus', status))}
        />
        <ListField label="Elements that are lists" {...list('lists')} />
        <ListField label="Elements that are numbers" {...list('numbers')} />
        <ListField label="Elements that are true or false" {...list('booleans')} />
      </div>
    </div>
  );
}
