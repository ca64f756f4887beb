import { Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { CopyButton } from '../components/copy-button.js';
import classes from './recovery-codes.module.css';

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onDone: () => void;
}

/** The only time that recovery codes can be seen. */
export function RecoveryCodes({ codes, onDone }: RecoveryCodesProps) {
  const text = codes.join('\n');
  return (
    <Stack>
      <Text size="sm">
        With one of these you sign in when you do not have your phone. Each works once.{' '}
        <strong>They are not shown again</strong>: store them like a password, and not on that phone.
      </Text>
      <ul className={classes.codes} aria-label="Recovery codes" data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group gap="sm">
        <CopyButton text={text} label="Copy codes" />
        <Button
          component="a"
          variant="default"
          leftSection={<IconDownload size={16} />}
          download="recovery-codes.txt"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}
        >
          Download
        </Button>
      </Group>
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          I have stored them
        </Button>
      </Group>
    </Stack>
  );
}
