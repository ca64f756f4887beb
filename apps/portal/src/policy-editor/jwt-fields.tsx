import { MultiSelect, Select, Switch } from '@mantine/core';
import { TextField, useFaultBelow } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { NumberField } from '../upstream-editor/number-field.js';
import { ListField, SelectorField } from './list-field.js';
import { OrderedRows } from './ordered-rows.js';
import { type JwtWords, USUAL_POLICY } from './policy-words.js';

interface JwtProps {
  readonly words: JwtWords;
  readonly onChange: (words: JwtWords) => void;
}

const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Which tokens count, and for which application. */
export function JwtFields({ words, onChange }: JwtProps) {
  return (
    <>
      <div className={classes.fields}>
        <TextField
          path="authentication.jwt.issuer"
          label="Issuer"
          description="As in the claim iss, letter by letter."
          required
          type="url"
          placeholder="https://login.example.com/"
          value={words.issuer ?? ''}
          onChange={(issuer) => onChange({ ...words, issuer })}
        />
        <TextField
          path="authentication.jwt.jwksUrl"
          label="Where its keys are"
          description="Empty: where its OpenID discovery document says."
          type="url"
          value={words.jwksUrl ?? ''}
          onChange={(url) => onChange(withOptional(words, 'jwksUrl', url || undefined))}
        />
      </div>
      <ListField
        path="authentication.jwt.audiences"
        label="Audiences"
        description="One of them must be in the claim aud."
        placeholder="https://api.example.com"
        value={words.audiences}
        onChange={(audiences) => onChange({ ...words, audiences })}
      />
      <div className={classes.fields}>
        <TextField
          path="authentication.jwt.applicationClaim"
          label="Claim with the application"
          placeholder={USUAL_POLICY.applicationClaim}
          value={words.applicationClaim ?? ''}
          onChange={(claim) => onChange(withOptional(words, 'applicationClaim', claim || undefined))}
        />
        <Select
          label="Its value is"
          allowDeselect={false}
          data={[
            { value: 'identity', label: 'A name that is added' },
            { value: 'application', label: 'The application’s id' },
          ]}
          value={words.applicationBy ?? 'identity'}
          onChange={(next) => onChange(withOptional(words, 'applicationBy', next === 'application' ? next : undefined))}
        />
        <NumberField
          path="authentication.jwt.clockSkewSeconds"
          label="Clocks may differ by"
          suffix=" s"
          usual={USUAL_POLICY.clockSkewSeconds}
          value={words.clockSkewSeconds}
          onChange={(seconds) => onChange(withOptional(words, 'clockSkewSeconds', seconds))}
        />
      </div>
      <MultiSelect
        label="Signed with"
        error={useFaultBelow('authentication.jwt.algorithms')}
        data={algorithms}
        value={[...(words.algorithms ?? USUAL_POLICY.algorithms)]}
        onChange={(next) => onChange({ ...words, algorithms: next as NonNullable<JwtWords['algorithms']> })}
      />
      <ScopeRows words={words} onChange={onChange} />
      <Switch
        label="Pass the token on to the upstream"
        checked={words.isForwarded ?? false}
        onChange={(event) => onChange(withOptional(words, 'isForwarded', event.currentTarget.checked || undefined))}
      />
    </>
  );
}

/** The first that matches holds. */
function ScopeRows({ words, onChange }: JwtProps) {
  const rows = words.requiredScopes ?? [];
  return (
    <OrderedRows
      rows={rows}
      noun="scopes"
      adding="Add scopes"
      fresh={(): (typeof rows)[number] => ({ selector: '*', scopes: [] })}
      onChange={(next) => onChange(withOptional(words, 'requiredScopes', next.length === 0 ? undefined : next))}
    >
      {(row, index, { change, buttons }) => {
        const path = `authentication.jwt.requiredScopes.${index}`;
        return (
          <div className={classes.row} role="group" aria-label={`Scopes ${index + 1}`}>
            <SelectorField
              path={`${path}.selector`}
              value={row.selector}
              onChange={(selector) => change({ ...row, selector })}
            />
            <ListField
              path={`${path}.scopes`}
              label="Need these scopes"
              placeholder="None"
              value={row.scopes}
              onChange={(scopes) => change({ ...row, scopes })}
            />
            {buttons}
          </div>
        );
      }}
    </OrderedRows>
  );
}
