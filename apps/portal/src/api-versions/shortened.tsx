import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { formatQuantity } from '../format/number.js';

interface ShortenedProps<Item> {
  readonly items: readonly Item[];
  /** How many are shown at first. */
  readonly most: number;
  /** What they are, in the plural: "operations". */
  readonly noun: string;
  /** Of the part around the button. */
  readonly className?: string | undefined;
  readonly children: (shown: readonly Item[]) => ReactNode;
}

/** The beginning of a long list, and on demand all of it. */
export function Shortened<Item>({ items, most, noun, className, children }: ShortenedProps<Item>) {
  const [isWhole, whole] = useDisclosure(false);
  return (
    <>
      {children(isWhole ? items : items.slice(0, most))}
      {items.length > most && (
        <div className={className}>
          {/* It stays where it is, and keeps the focus. */}
          <Button size="xs" variant="default" mt="sm" aria-expanded={isWhole} onClick={whole.toggle}>
            {isWhole ? 'Show fewer' : `Show all ${formatQuantity(items.length)} ${noun}`}
          </Button>
        </div>
      )}
    </>
  );
}
