import { Button } from '@mantine/core';
import { SourceText } from '../components/source-text.js';
import type { DocumentCheck } from './use-document-check.js';

const MOST_MEBIBYTES = 10;

interface SourceFieldProps {
  readonly check: DocumentCheck;
  /** Why it was refused after it was checked. */
  readonly fault: string | undefined;
}

/** Asks for an OpenAPI document, as a file or as text, and has it checked. */
export function SourceField({ check, fault }: SourceFieldProps) {
  const { source, setSource } = check;
  return (
    <SourceText
      label="OpenAPI document"
      description="Choose a file, or paste its text: YAML or JSON."
      mostMebibytes={MOST_MEBIBYTES}
      rows={12}
      value={source}
      onChange={setSource}
      error={check.refusal ?? fault}
      action={
        <Button
          variant={check.isCurrent ? 'default' : 'filled'}
          disabled={source.trim() === ''}
          loading={check.isRunning}
          onClick={check.run}
        >
          Check the document
        </Button>
      }
    />
  );
}
