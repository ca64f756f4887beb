import { TextInput } from '@mantine/core';
import { slugOf } from './slug-of.js';

/** What people read, and what stands in addresses, in files and on the command line. */
export interface Names {
  readonly title: string;
  readonly slug: string;
}

interface NameFieldsProps {
  readonly names: Names;
  /** What is wrong, by field; that of the title may be called `name`. */
  readonly faults: Readonly<Record<string, string>>;
  readonly label?: string;
  readonly description?: string;
  readonly onChange: (names: Names) => void;
}

/** How something new is called: the short name follows the title until somebody writes another. */
export function NameFields({ names, faults, label = 'Title', description, onChange }: NameFieldsProps) {
  const { title, slug } = names;
  return (
    <>
      <TextInput
        label={label}
        description={description}
        required
        data-autofocus
        maxLength={120}
        value={title}
        error={faults['title'] ?? faults['name']}
        onChange={(event) => {
          const next = event.currentTarget.value;
          onChange({ title: next, slug: slug === slugOf(title) ? slugOf(next) : slug });
        }}
      />
      <TextInput
        label="Short name"
        description="In addresses, in files and on the command line. It never changes."
        required
        maxLength={63}
        value={slug}
        error={faults['slug']}
        onChange={(event) => onChange({ title, slug: event.currentTarget.value })}
      />
    </>
  );
}

export const noNames: Names = { title: '', slug: '' };
