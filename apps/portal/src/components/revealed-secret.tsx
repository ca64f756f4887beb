import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.js';
import classes from './revealed-secret.module.css';

interface RevealedSecretProps {
  readonly kind: 'key' | 'secret' | 'token';
  /** For screen readers. */
  readonly label: string;
  readonly secret: string;
  /** What to do with it. */
  readonly words: ReactNode;
  /** Below the secret. */
  readonly children?: ReactNode;
  readonly onDone: () => void;
}

/** The only time that a secret can be seen. */
export function RevealedSecret({ kind, label, secret, words, children, onDone }: RevealedSecretProps) {
  return (
    <Stack>
      <Text size="sm">{words}</Text>
      <div className={classes.secret}>
        <code data-testid={`revealed-${kind}`} tabIndex={0} aria-label={label}>
          {secret}
        </code>
        <CopyButton text={secret} label={`Copy ${kind}`} />
      </div>
      {children}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
