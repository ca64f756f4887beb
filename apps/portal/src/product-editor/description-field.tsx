import { Input, Loader, SegmentedControl, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { markdownPreviewQuery } from '../api/products.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Prose } from '../components/prose.js';
import { useFault } from '../plan-editor/field-faults.js';
import classes from './description-field.module.css';

interface DescriptionFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The text of a product's own page, as it is written or as readers see it. */
export function DescriptionField({ value, onChange }: DescriptionFieldProps) {
  const [shown, setShown] = useState<'write' | 'preview'>('write');
  const fault = useFault('description');
  return (
    <div>
      {shown === 'write' ? (
        <Textarea
          label="Description"
          description="Markdown, for its own page: headings, lists, tables and code."
          autosize
          minRows={6}
          maxRows={20}
          maxLength={20_000}
          value={value}
          error={fault}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <Input.Wrapper
          label="Description"
          labelElement="div"
          description="As readers see it."
          error={fault}
          inputWrapperOrder={['label', 'description', 'input', 'error']}
        >
          <Preview markdown={value} />
        </Input.Wrapper>
      )}
      <SegmentedControl
        mt="xs"
        size="xs"
        aria-label="View"
        data={[
          { value: 'write', label: 'Write' },
          { value: 'preview', label: 'Preview' },
        ]}
        value={shown}
        onChange={(next) => setShown(next === 'preview' ? 'preview' : 'write')}
      />
    </div>
  );
}

function Preview({ markdown }: { readonly markdown: string }) {
  const preview = useQuery(markdownPreviewQuery(markdown));
  return (
    <div className={classes.preview} role="region" aria-label="Preview of the description">
      {preview.isPending && <Loader size="sm" aria-label="Loading the preview" />}
      {preview.error !== null && <ProblemAlert error={preview.error} title="No preview" />}
      {preview.data?.html === '' && <p className={classes.none}>Nothing is written yet.</p>}
      {preview.data && preview.data.html !== '' && <Prose html={preview.data.html} />}
    </div>
  );
}
