import { MultiSelect, NumberInput, Select, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ProductWords, PublisherApi } from '../api/types.js';
import { TextField, useFault } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { DescriptionField } from './description-field.js';
import { tagsIn } from './product-words.js';

export interface WordsProps {
  readonly words: ProductWords;
  readonly onChange: (words: ProductWords) => void;
}

/** What is shown of a product, and what it sells. */
export function ShownFields({ words, apis, onChange }: WordsProps & { readonly apis: readonly PublisherApi[] }) {
  const [tags, setTags] = useState(words.tags.join(', '));
  return (
    <Stack gap="md">
      <MultiSelect
        label="APIs"
        description="All their published versions are sold with it, those of later days too."
        required
        searchable
        placeholder={words.apis.length === 0 ? 'Choose' : ''}
        data={apis.map(({ slug, title }) => ({ value: slug, label: title }))}
        value={[...words.apis]}
        error={useFault('apis') ?? useFault('apis.0')}
        onChange={(slugs) => onChange({ ...words, apis: slugs })}
      />
      <TextField
        path="summary"
        label="Summary"
        description="One sentence for the catalogue."
        maxLength={300}
        value={words.summary}
        onChange={(summary) => onChange({ ...words, summary })}
      />
      <DescriptionField value={words.description} onChange={(description) => onChange({ ...words, description })} />
      <div className={classes.fields}>
        <TextField
          path="tags"
          label="Tags"
          description="With commas between them."
          value={tags}
          onChange={(text) => {
            setTags(text);
            onChange({ ...words, tags: tagsIn(text) });
          }}
        />
        <NumberInput
          label="Test calls a day"
          description="Of one application, with test keys."
          min={0}
          max={10_000_000}
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=","
          value={words.testQuota}
          error={useFault('testQuota')}
          onChange={(value) => onChange({ ...words, testQuota: typeof value === 'number' ? value : 0 })}
        />
        <Select
          label="Tax"
          description="Which of the seller’s rates it has."
          allowDeselect={false}
          data={[
            { value: 'standard', label: 'Standard rate' },
            { value: 'reduced', label: 'Reduced rate' },
            { value: 'zero', label: 'Zero rate' },
            { value: 'exempt', label: 'Exempt' },
          ]}
          value={words.taxCategory}
          error={useFault('taxCategory')}
          onChange={(value) => value && onChange({ ...words, taxCategory: value as ProductWords['taxCategory'] })}
        />
      </div>
    </Stack>
  );
}

/** What those who subscribe agree to; none where both fields are empty. */
export function TermsFields({ words, onChange }: WordsProps) {
  const { version = '', text = '' } = words.terms ?? {};
  const change = (terms: { readonly version: string; readonly text: string }) =>
    onChange(withOptional(words, 'terms', terms.version === '' && terms.text === '' ? undefined : terms));
  return (
    <Stack gap="md">
      <TextField
        path="terms.version"
        label="Version of the terms"
        description="Another text needs another version, such as 2026-11. What was published never changes."
        maxLength={32}
        maw={320}
        value={version}
        onChange={(next) => change({ version: next, text })}
      />
      <Textarea
        label="Terms"
        description="Plain text; empty lines separate paragraphs. Without one, nobody has to agree to anything."
        autosize
        minRows={3}
        maxRows={16}
        value={text}
        error={useFault('terms.text')}
        onChange={(event) => change({ version, text: event.currentTarget.value })}
      />
    </Stack>
  );
}
