import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';

interface CopyProps {
  readonly text: string;
  /** What a screen reader says: "Copy key". */
  readonly label: string;
}

/** A quiet copy button beside what it copies. */
export function CopyIcon({ text, label }: CopyProps) {
  const clipboard = useClipboard({ timeout: 1600 });
  return (
    <Tooltip label={clipboard.copied ? 'Copied' : label}>
      <ActionIcon aria-label={label} onClick={() => clipboard.copy(text)} size="md">
        {clipboard.copied ? <IconCheck size={16} color="var(--tg-positive)" /> : <IconCopy size={16} />}
        <span role="status" className="visually-hidden">
          {clipboard.copied ? 'Copied' : ''}
        </span>
      </ActionIcon>
    </Tooltip>
  );
}

/** A copy button with its label written out, for what must not be missed. */
export function CopyButton({ text, label }: CopyProps) {
  const clipboard = useClipboard({ timeout: 1600 });
  return (
    <Button
      onClick={() => clipboard.copy(text)}
      leftSection={clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
      aria-label={label}
      miw={124}
    >
      <span aria-live="polite">{clipboard.copied ? 'Copied' : label}</span>
    </Button>
  );
}
