import { Switch } from '@mantine/core';
import { useFault } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { NumberField } from '../upstream-editor/number-field.js';
import type { PolicyProps } from './caller-sections.js';
import { ListField } from './list-field.js';
import { PolicyGroup } from './policy-group.js';
import { type SectionWords, USUAL_POLICY } from './policy-words.js';

/** What pages of other origins may do. */
export function BrowserSections({ words, onChange }: PolicyProps) {
  const { cors, origins } = words;
  return (
    <>
      <PolicyGroup
        path="cors"
        title="Calls from browsers (CORS)"
        description="Pages of which origins may read the answers. The gateway answers preflights itself; what the upstream says of it is dropped."
        guide="browsers"
        value={cors}
        initial={{ allowOrigins: [] }}
        onChange={(value) => onChange(withOptional(words, 'cors', value))}
      >
        {(value) => <CorsFields words={value} onChange={(next) => onChange({ ...words, cors: next })} />}
      </PolicyGroup>
      <PolicyGroup
        path="origins"
        title="Allowed origins"
        description="Calls that say another Origin are refused with 403. This keeps other pages from using a key; it keeps no program from anything."
        guide="browsers"
        value={origins}
        initial={{ allow: [] }}
        onChange={(value) => onChange(withOptional(words, 'origins', value))}
      >
        {(value) => (
          <>
            <ListField
              path="origins.allow"
              label="Origins"
              placeholder="https://app.example.com"
              value={value.allow}
              onChange={(allow) => onChange({ ...words, origins: { ...value, allow } })}
            />
            <Switch
              label="Refuse calls that say no Origin, too"
              checked={value.isRequired ?? false}
              onChange={(event) =>
                onChange({
                  ...words,
                  origins: withOptional(value, 'isRequired', event.currentTarget.checked || undefined),
                })
              }
            />
          </>
        )}
      </PolicyGroup>
    </>
  );
}

interface CorsProps {
  readonly words: SectionWords<'cors'>;
  readonly onChange: (words: SectionWords<'cors'>) => void;
}

function CorsFields({ words, onChange }: CorsProps) {
  const list = (field: 'allowMethods' | 'allowHeaders' | 'exposeHeaders') => (next: readonly string[]) =>
    onChange(withOptional(words, field, next.length === 0 ? undefined : next));
  return (
    <>
      <ListField
        path="cors.allowOrigins"
        label="Origins"
        description="https://app.example.com, https://*.example.com for one open label, or * for all."
        placeholder="https://app.example.com"
        value={words.allowOrigins}
        onChange={(allowOrigins) => onChange({ ...words, allowOrigins })}
      />
      <div className={classes.fields}>
        <ListField
          path="cors.allowMethods"
          label="Methods"
          placeholder="Those that the path has"
          data={['GET', 'POST', 'PUT', 'PATCH', 'DELETE']}
          value={words.allowMethods}
          onChange={list('allowMethods')}
        />
        <ListField
          path="cors.allowHeaders"
          label="Headers to send"
          placeholder="Whatever they ask for"
          value={words.allowHeaders}
          onChange={list('allowHeaders')}
        />
        <ListField
          path="cors.exposeHeaders"
          label="Headers to read"
          placeholder="Those of the gateway"
          value={words.exposeHeaders}
          onChange={list('exposeHeaders')}
        />
        <NumberField
          path="cors.maxAgeSeconds"
          label="Remembered for"
          suffix=" s"
          usual={USUAL_POLICY.maxAgeSeconds}
          value={words.maxAgeSeconds}
          onChange={(seconds) => onChange(withOptional(words, 'maxAgeSeconds', seconds))}
        />
      </div>
      <Switch
        label="Pages may send cookies and credentials"
        description="Needs origins that are named."
        error={useFault('cors.allowCredentials')}
        checked={words.allowCredentials ?? false}
        onChange={(event) =>
          onChange(withOptional(words, 'allowCredentials', event.currentTarget.checked || undefined))
        }
      />
    </>
  );
}
