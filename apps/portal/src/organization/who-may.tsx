import { Text } from '@mantine/core';

const words = {
  applications: 'Owners, admins and developers of the organization do this.',
  billing: 'Owners, admins and billing members of the organization do this.',
} as const;

/** In the place of a button that the viewer's role may not use: who can. */
export function WhoMay({ manage }: { readonly manage: keyof typeof words }) {
  return (
    <Text size="sm" c="dimmed">
      {words[manage]}
    </Text>
  );
}
