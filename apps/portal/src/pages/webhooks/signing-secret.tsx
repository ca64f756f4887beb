import type { ReactNode } from 'react';
import { RevealedSecret } from '../../components/revealed-secret.js';

interface SigningSecretProps {
  readonly secret: string;
  readonly children?: ReactNode;
  readonly onDone: () => void;
}

/** The only time that a signing secret can be seen. */
export function SigningSecret({ secret, children, onDone }: SigningSecretProps) {
  return (
    <RevealedSecret
      kind="secret"
      label="Signing secret"
      secret={secret}
      onDone={onDone}
      words={
        <>
          Your receiver verifies with it that a message is from here. Copy it now and store it like a password.{' '}
          <strong>It is not shown again</strong>; if it is lost, rotate it.
        </>
      }
    >
      {children}
    </RevealedSecret>
  );
}
