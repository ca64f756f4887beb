import { ActionIcon, Tooltip } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';

const SearchDialog = lazy(async () => ({ default: (await import('./search-dialog.js')).SearchDialog }));

/** Opens the search over operations and guides; so does Ctrl-K, or Cmd-K. */
export function SearchButton() {
  const [opened, dialog] = useDisclosure(false);
  useHotkeys([['mod+K', dialog.open]], []);
  return (
    <>
      <Tooltip label="Search the docs (Ctrl-K)">
        <ActionIcon size="lg" aria-label="Search the docs" aria-keyshortcuts="Control+K Meta+K" onClick={dialog.open}>
          <IconSearch size={18} />
        </ActionIcon>
      </Tooltip>
      {opened && (
        <Suspense fallback={null}>
          <SearchDialog onClose={dialog.close} />
        </Suspense>
      )}
    </>
  );
}
