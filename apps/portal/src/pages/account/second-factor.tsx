import { Anchor } from '@mantine/core';
import { useState } from 'react';
import { SecondFactorForm } from '../../user/second-factor-form.js';
import { AccountCard } from './account-card.js';

interface SecondFactorProps {
  readonly onSignedIn: () => Promise<void>;
  /** The sign-in must begin anew. */
  readonly onBack: () => void;
}

/** The second step of a sign-in, after the password. */
export function SecondFactor({ onSignedIn, onBack }: SecondFactorProps) {
  const [hasPhone, setHasPhone] = useState(true);
  return (
    <AccountCard
      title="Two-factor authentication"
      description={hasPhone ? 'Type the code that your authenticator app shows.' : 'Each recovery code works once.'}
      below={
        <Anchor component="button" type="button" underline="always" onClick={onBack}>
          Begin anew
        </Anchor>
      }
    >
      <SecondFactorForm hasPhone={hasPhone} onHasPhone={setHasPhone} onSignedIn={onSignedIn} />
    </AccountCard>
  );
}
