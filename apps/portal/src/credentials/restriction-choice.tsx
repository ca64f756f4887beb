import { Switch } from '@mantine/core';
import type { KeyRestrictions } from '../api/credentials.js';
import { RestrictionFields } from './restriction-fields.js';

interface RestrictionChoiceProps {
  readonly isRestricted: boolean;
  readonly onToggle: () => void;
  /** Kept while the switch is off, so that turning it on again brings them back. */
  readonly value: KeyRestrictions;
  readonly onChange: (value: KeyRestrictions) => void;
}

/** Whether a key is restricted, and how. */
export function RestrictionChoice({ isRestricted, onToggle, value, onChange }: RestrictionChoiceProps) {
  return (
    <>
      <Switch
        label="Restrict this key"
        description="To network addresses, products or operations."
        checked={isRestricted}
        onChange={onToggle}
      />
      {isRestricted && <RestrictionFields value={value} onChange={onChange} />}
    </>
  );
}
