import { Select, Switch } from '@mantine/core';
import { TextField } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { NumberField } from '../upstream-editor/number-field.js';
import { BillableRows } from './billable-rows.js';
import { CacheRows } from './cache-rows.js';
import type { PolicyProps } from './caller-sections.js';
import { PolicyGroup } from './policy-group.js';
import { type BillableRuleWords, type PolicyWords, type SectionWords, USUAL_POLICY } from './policy-words.js';

/** What callers get, and what of it is billed. */
export function AnswerSections({ words, onChange }: PolicyProps) {
  const { cache, limits, billableWhen } = words;
  return (
    <>
      <PolicyGroup
        path="cache"
        title="Response cache"
        description="The gateway keeps answers of GET and HEAD, and gives them again as RFC 9111 allows."
        guide="caching"
        value={cache}
        initial={{ routes: [{ selector: '*' }] }}
        onChange={(value) => onChange(withOptional(words, 'cache', value))}
      >
        {({ routes = [] }) => (
          <CacheRows routes={routes} onChange={(next) => onChange({ ...words, cache: { routes: next } })} />
        )}
      </PolicyGroup>
      <PolicyGroup
        path="limits"
        title="X-RateLimit headers"
        description="X-RateLimit-Limit, -Remaining and -Reset beside RateLimit, of the limit with the fewest units left, in the place of the upstream’s."
        guide="limits"
        value={limits?.classicHeaders ? limits : undefined}
        initial={{ classicHeaders: true }}
        onChange={(value) => onChange(withOptional(words, 'limits', value))}
      />
      <PolicyGroup
        path="billableWhen"
        title="Answers that are errors in truth"
        description="2xx answers that are not billed, told by a header or by a value in their JSON body. The first rule that matches holds."
        guide="billing-calls"
        value={billableWhen}
        initial={[{ selector: '*', header: '', noneOf: [] }]}
        onChange={(value) => onChange(withOptional(words, 'billableWhen', value))}
      >
        {(rules) => (
          <BillableRows
            rules={rules as readonly BillableRuleWords[]}
            onChange={(next) => onChange({ ...words, billableWhen: next as PolicyWords['billableWhen'] & {} })}
          />
        )}
      </PolicyGroup>
    </>
  );
}

/** Where calls go in the place of the upstream. */
export function TestSections({ words, onChange }: PolicyProps) {
  const { mock, testUpstream } = words;
  return (
    <>
      <PolicyGroup
        path="mock"
        title="Answers from the document"
        description="From the examples and schemas of the OpenAPI document, in the place of an upstream. Never billed."
        guide="validation-and-mocks"
        value={mock}
        initial={{}}
        onChange={(value) => onChange(withOptional(words, 'mock', value))}
      >
        {(value) => (
          <Select
            label="For"
            description="Without an upstream all calls are answered so."
            maw={320}
            allowDeselect={false}
            data={[
              { value: 'test', label: 'Calls with test keys' },
              { value: 'all', label: 'All calls' },
            ]}
            value={value.for ?? 'test'}
            onChange={(next) => onChange({ ...words, mock: next === 'all' ? { for: next } : {} })}
          />
        )}
      </PolicyGroup>
      <PolicyGroup
        path="testUpstream"
        title="An upstream for test keys"
        description="Calls with test keys go there, without the upstream’s credential."
        guide="validation-and-mocks"
        value={testUpstream}
        initial={{ url: '' }}
        onChange={(value) => onChange(withOptional(words, 'testUpstream', value))}
      >
        {(value) => (
          <TestUpstreamFields words={value} onChange={(next) => onChange({ ...words, testUpstream: next })} />
        )}
      </PolicyGroup>
    </>
  );
}

interface TestUpstreamProps {
  readonly words: SectionWords<'testUpstream'>;
  readonly onChange: (words: SectionWords<'testUpstream'>) => void;
}

function TestUpstreamFields({ words, onChange }: TestUpstreamProps) {
  return (
    <>
      <TextField
        path="testUpstream.url"
        label="Address"
        required
        type="url"
        placeholder="https://sandbox.example.com/v1"
        value={words.url ?? ''}
        onChange={(url) => onChange({ ...words, url })}
      />
      <div className={classes.fields}>
        <NumberField
          path="testUpstream.connectTimeoutMs"
          label="To connect"
          suffix=" ms"
          usual={USUAL_POLICY.connectTimeoutMs}
          value={words.connectTimeoutMs}
          onChange={(value) => onChange(withOptional(words, 'connectTimeoutMs', value))}
        />
        <NumberField
          path="testUpstream.responseTimeoutMs"
          label="Until an answer begins"
          suffix=" ms"
          usual={USUAL_POLICY.responseTimeoutMs}
          value={words.responseTimeoutMs}
          onChange={(value) => onChange(withOptional(words, 'responseTimeoutMs', value))}
        />
      </div>
      <Switch
        label="It speaks HTTP/2"
        checked={words.protocol === 'h2'}
        onChange={(event) => onChange(withOptional(words, 'protocol', event.currentTarget.checked ? 'h2' : undefined))}
      />
    </>
  );
}
