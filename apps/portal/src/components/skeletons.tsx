import { Group, Skeleton, Stack } from '@mantine/core';

function times(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** In place of a table inside a flush section, as tall as so many rows and the headings. */
export function TableSkeleton({ rows = 4 }: { readonly rows?: number }) {
  return (
    <Stack gap={0} px={24} pb={12} pt={37}>
      {times(rows).map((row) => (
        <Group key={row} h={48} gap="xl" wrap="nowrap">
          <Skeleton h={12} w="32%" />
          <Skeleton h={12} w="22%" />
          <Skeleton h={12} w="16%" />
          <Skeleton h={12} w="12%" ml="auto" />
        </Group>
      ))}
    </Stack>
  );
}

/** In place of text. */
export function LinesSkeleton({ lines = 3 }: { readonly lines?: number }) {
  return (
    <Stack gap={12} py={6}>
      {times(lines).map((line) => (
        <Skeleton key={line} h={12} w={`${92 - ((line * 17) % 40)}%`} />
      ))}
    </Stack>
  );
}

/** In place of cards beside each other. */
export function CardsSkeleton({ cards = 2, height = 180 }: { readonly cards?: number; readonly height?: number }) {
  return (
    <Group grow gap="lg" align="stretch">
      {times(cards).map((card) => (
        <Skeleton key={card} h={height} radius="lg" />
      ))}
    </Group>
  );
}
