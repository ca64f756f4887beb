import { Button, FileButton, Group, Text, Textarea } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { formatBytes } from '../format/number.js';
import classes from './api-versions.module.css';
import type { DocumentCheck } from './use-document-check.js';

const MOST_BYTES = 10 * 1024 * 1024;
/** Browsers are slow with more in a field. */
const MOST_TO_EDIT = 500_000;

interface SourceFieldProps {
  readonly check: DocumentCheck;
  /** Why it was refused after it was checked. */
  readonly fault: string | undefined;
}

/** Asks for an OpenAPI document, as a file or as text, and has it checked. */
export function SourceField({ check, fault }: SourceFieldProps) {
  const { source, setSource } = check;
  const resetFile = useRef<() => void>(null);
  const [file, setFile] = useState<File | null>(null);
  const [unread, setUnread] = useState<string | null>(null);
  const isLong = source.length > MOST_TO_EDIT;
  const choose = async (chosen: File | null) => {
    // So that the same file can be chosen again after it was changed.
    resetFile.current?.();
    if (chosen === null) return;
    setUnread(null);
    if (chosen.size > MOST_BYTES) return setUnread(`${chosen.name} is larger than 10 MiB.`);
    try {
      setSource(await chosen.text());
      setFile(chosen);
    } catch {
      setUnread(`${chosen.name} cannot be read.`);
    }
  };
  const write = (text: string) => {
    setUnread(null);
    setFile(null);
    setSource(text);
  };
  const refusal = unread ?? check.refusal ?? fault;
  const error = refusal && <span role="alert">{refusal}</span>;
  return (
    <div>
      {isLong ? (
        <div>
          <Text size="sm">
            {file?.name ?? 'The text'} ({formatBytes(file?.size ?? source.length)}) is taken. It is too long to be shown
            here.
          </Text>
          {error && (
            <Text size="sm" c="var(--mantine-color-error)" mt={4}>
              {error}
            </Text>
          )}
        </div>
      ) : (
        <Textarea
          label="OpenAPI document"
          description="Choose a file, or paste its text: YAML or JSON."
          className={classes.source}
          rows={12}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          value={source}
          error={error}
          onChange={(event) => write(event.currentTarget.value)}
        />
      )}
      <Group justify="space-between" gap="sm" mt="sm">
        <Group gap="sm">
          <FileButton
            resetRef={resetFile}
            accept=".yaml,.yml,.json,application/json,application/yaml"
            onChange={(chosen) => void choose(chosen)}
          >
            {(props) => (
              <Button variant="default" leftSection={<IconFileUpload size={16} />} {...props}>
                Choose a file
              </Button>
            )}
          </FileButton>
          {isLong && (
            <Button variant="subtle" onClick={() => write('')}>
              Clear
            </Button>
          )}
        </Group>
        <Button
          variant={check.isCurrent ? 'default' : 'filled'}
          disabled={source.trim() === ''}
          loading={check.isRunning}
          onClick={check.run}
        >
          Check the document
        </Button>
      </Group>
    </div>
  );
}
