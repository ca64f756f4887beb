import { Anchor, Checkbox } from '@mantine/core';

interface TermsCheckboxProps {
  readonly product: { readonly slug: string; readonly title: string };
  readonly version: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** Asks for the terms of a product to be accepted; they open beside what is being filled in. */
export function TermsCheckbox({ product, version, checked, onChange }: TermsCheckboxProps) {
  return (
    <Checkbox
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
      label={
        <>
          I accept the{' '}
          <Anchor inherit underline="always" href={`/products/${product.slug}/terms`} target="_blank" rel="noopener">
            terms of {product.title}
          </Anchor>
          , version {version}
        </>
      }
    />
  );
}
