import { Chip, Group, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface ProductFilterProps {
  readonly text: string;
  readonly tag: string | undefined;
  readonly tags: readonly string[];
  /** An empty text, or no tag, is left out. */
  readonly onChange: (filter: { readonly text: string; readonly tag: string | undefined }) => void;
}

/** Narrows the products down by words and by one tag. */
export function ProductFilter({ text, tag, tags, onChange }: ProductFilterProps): ReactNode {
  return (
    <Group gap="sm" mb="lg">
      <TextInput
        type="search"
        aria-label="Search products"
        placeholder="Search products"
        leftSection={<IconSearch size={16} />}
        value={text}
        onChange={(event) => onChange({ text: event.currentTarget.value, tag })}
        w={{ base: '100%', xs: 280 }}
      />
      {tags.length > 0 && (
        <Group gap={6} role="group" aria-label="Tags">
          {tags.map((each) => (
            <Chip
              key={each}
              size="sm"
              checked={each === tag}
              onChange={(isChosen) => onChange({ text, tag: isChosen ? each : undefined })}
            >
              {each}
            </Chip>
          ))}
        </Group>
      )}
    </Group>
  );
}
