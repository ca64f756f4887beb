import { Button, FileButton, Group, Text, Textarea } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type ReactNode, type Ref, useRef, useState } from 'react';
import { formatBytes } from '../format/number.js';
import classes from './source-text.module.css';

/** Browsers are slow with more in a field. */
const MOST_TO_EDIT = 500_000;

interface SourceTextProps {
  readonly label: string;
  readonly description: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Of a file. */
  readonly mostMebibytes: number;
  readonly rows: number;
  /** To show a place in it; nothing while the text is too long to be shown. */
  readonly field?: Ref<HTMLTextAreaElement>;
  /** What is wrong with the text. */
  readonly error: ReactNode;
  /** What is done with the text: a button. */
  readonly action: ReactNode;
}

interface ChosenFile {
  readonly name: string;
  readonly size: number;
  readonly text: string;
}

/** Asks for a long text in YAML or JSON, as a file or written by hand. */
export function SourceText(props: SourceTextProps) {
  const { label, description, value, onChange, mostMebibytes, rows, field, error, action } = props;
  const resetFile = useRef<() => void>(null);
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [unread, setUnread] = useState<string | null>(null);
  const isLong = value.length > MOST_TO_EDIT;
  const from = file?.text === value ? file : null;
  const choose = async (chosen: File | null) => {
    // So that the same file can be chosen again after it was changed.
    resetFile.current?.();
    if (chosen === null) return;
    setUnread(null);
    if (chosen.size > mostMebibytes * 1_048_576)
      return setUnread(`${chosen.name} is larger than ${mostMebibytes} MiB.`);
    try {
      const text = await chosen.text();
      setFile({ name: chosen.name, size: chosen.size, text });
      onChange(text);
    } catch {
      setUnread(`${chosen.name} cannot be read.`);
    }
  };
  const write = (text: string) => {
    setUnread(null);
    onChange(text);
  };
  const refusal = unread ?? error;
  const shown = refusal && <span role="alert">{refusal}</span>;
  return (
    <div>
      {isLong ? (
        <div>
          <Text size="sm">
            {from?.name ?? 'The text'} ({formatBytes(from?.size ?? value.length)}) is taken. It is too long to be shown
            here.
          </Text>
          {shown && (
            <Text size="sm" c="var(--mantine-color-error)" mt={4}>
              {shown}
            </Text>
          )}
        </div>
      ) : (
        <Textarea
          {...(field !== undefined && { ref: field })}
          label={label}
          description={description}
          className={classes.source}
          rows={rows}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          value={value}
          error={shown}
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
            {(button) => (
              <Button variant="default" leftSection={<IconFileUpload size={16} />} {...button}>
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
        {action}
      </Group>
    </div>
  );
}
