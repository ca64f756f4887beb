import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyButton } from '../../components/copy-button.js';
import classes from '../../credentials/revealed-key.module.css';

interface RevealedSecretProps {
  readonly secret: string;
  readonly children?: ReactNode;
  readonly onDone: () => void;
}

/** The only time that a signing secret can be seen. */
export function RevealedSecret({ secret, children, onDone }: RevealedSecretProps) {
  return (
    <Stack>
      <Text size="sm">
        Your receiver verifies with it that a message is from here. Copy it now and store it like a password.{' '}
        <strong>It is not shown again</strong>; if it is lost, rotate it.
      </Text>
      {children}
      <div className={classes.key}>
        <code data-testid="revealed-secret" tabIndex={0} aria-label="Signing secret">
          {secret}
        </code>
        <CopyButton text={secret} label="Copy secret" />
      </div>
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
