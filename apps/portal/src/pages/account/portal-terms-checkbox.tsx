import { Anchor, Checkbox } from '@mantine/core';
import type { PortalTerms } from '../../api/types.js';

interface PortalTermsCheckboxProps {
  readonly terms: PortalTerms;
  readonly checked: boolean;
  readonly error?: string | undefined;
  readonly onChange: (checked: boolean) => void;
}

/** Asks for the terms of the portal to be accepted; they open beside what is being filled in. */
export function PortalTermsCheckbox({ terms, checked, error, onChange }: PortalTermsCheckboxProps) {
  return (
    <Checkbox
      checked={checked}
      error={error}
      onChange={(event) => onChange(event.currentTarget.checked)}
      label={
        <>
          I accept the{' '}
          <Anchor inherit underline="always" href={terms.url} target="_blank" rel="noopener">
            terms of use
          </Anchor>
          , version {terms.version}
        </>
      }
    />
  );
}
