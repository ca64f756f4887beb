import { TextField } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { NumberField } from '../upstream-editor/number-field.js';
import { LongField, WholeAnswerFields } from './common-fields.js';
import { StatusPairs, TextPairs } from './paired-fields.js';
import { type OperationProps, TranslatedOperations } from './translated-operations.js';
import { type GraphqlOperation, type GraphqlWords, USUAL_TRANSLATION } from './translation-words.js';

const PATH = 'translation.graphql';

interface GraphqlProps {
  readonly words: GraphqlWords;
  readonly onChange: (words: GraphqlWords) => void;
}

/** REST to GraphQL: a query or mutation for each operation. */
export function GraphqlFields({ words, onChange }: GraphqlProps) {
  return (
    <>
      <TranslatedOperations
        path={`${PATH}.operations`}
        title="All operations of the document"
        fresh={{ query: '' } satisfies GraphqlOperation as GraphqlOperation}
        words={words.operations}
        onChange={(operations = {}) => onChange({ ...words, operations })}
      >
        {(operation) => <OperationFields {...operation} />}
      </TranslatedOperations>
      <LongField
        path={`${PATH}.schema`}
        label="Schema, to check them by"
        placeholder="type Query { user(id: ID!): User }"
        value={words.schema ?? ''}
        onChange={(schema) => onChange(withOptional(words, 'schema', schema || undefined))}
      />
      <StatusPairs
        path={`${PATH}.statuses`}
        title="Statuses of errors"
        noun="status"
        nameLabel="extensions.code"
        valueLabel="Status"
        words={words.statuses}
        onChange={(statuses) => onChange(withOptional(words, 'statuses', statuses))}
      />
      <WholeAnswerFields path={PATH} words={words} onChange={onChange} />
    </>
  );
}

function OperationFields({ path, words, onChange }: OperationProps<GraphqlOperation>) {
  return (
    <div style={{ display: 'grid', gap: 12, marginTop: 12 }}>
      <LongField
        path={`${path}.query`}
        label="Query or mutation"
        required
        placeholder="query ($id: ID!) { user(id: $id) { id name } }"
        value={words.query ?? ''}
        onChange={(query) => onChange({ ...words, query })}
      />
      <TextPairs
        path={`${path}.variables`}
        title="Variables"
        noun="variable"
        nameLabel="Variable"
        valueLabel="From"
        placeholder="path.id, query.id or body"
        words={words.variables}
        onChange={(variables) => onChange(withOptional(words, 'variables', variables))}
      />
      <div className={classes.fields}>
        <TextField
          path={`${path}.result`}
          label="Result, by pointer into data"
          placeholder="All of it: /user"
          value={words.result ?? ''}
          onChange={(result) => onChange(withOptional(words, 'result', result || undefined))}
        />
        <NumberField
          path={`${path}.nullStatus`}
          label="Status of a null"
          usual={USUAL_TRANSLATION.nullStatus}
          value={words.nullStatus}
          onChange={(status) => onChange(withOptional(words, 'nullStatus', status))}
        />
      </div>
    </div>
  );
}
