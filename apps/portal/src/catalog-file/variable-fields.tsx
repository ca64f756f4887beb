import { PasswordInput, SimpleGrid, TextInput } from '@mantine/core';
import type { CatalogFileEdit } from './use-catalog-file.js';

/** Asks for what the variables of the file stand for. */
export function VariableFields({ edit }: { readonly edit: CatalogFileEdit }) {
  const { written, content, isAsked, change } = edit;
  const variables = content?.variables ?? [];
  if (variables.length === 0) return null;
  return (
    <SimpleGrid
      cols={{ base: 1, sm: 2 }}
      spacing="md"
      component="fieldset"
      style={{ border: 0, margin: 0, padding: 0 }}
    >
      <legend style={{ padding: 0, marginBottom: 8, fontWeight: 550, fontSize: '0.875rem' }}>
        Values of the file’s variables
      </legend>
      {variables.map(({ name, isSecret }) => {
        const value = written.values[name] ?? '';
        const Field = isSecret ? PasswordInput : TextInput;
        return (
          <Field
            key={name}
            label={name}
            description={isSecret ? 'A secret. Empty: the stored one stays.' : undefined}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autoComplete="off"
            spellCheck={false}
            value={value}
            error={isAsked && !isSecret && value === '' ? `Say what \${${name}} stands for.` : undefined}
            onChange={(event) => change({ values: { ...written.values, [name]: event.currentTarget.value } })}
          />
        );
      })}
    </SimpleGrid>
  );
}
