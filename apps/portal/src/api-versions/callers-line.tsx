import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { apiVersionCallersQuery } from '../api/api-versions.js';
import { Loaded } from '../components/loaded.js';
import { LinesSkeleton } from '../components/skeletons.js';
import { breakingWords, callersWords } from './caller-words.js';
import type { OwnVersion } from './use-version-action.js';

/** Who would miss a version, in a sentence. */
export function CallersLine({ version }: { readonly version: OwnVersion }) {
  const callers = useQuery(apiVersionCallersQuery({ api: version.api.slug, version: version.name }));
  return (
    <Loaded query={callers} skeleton={<LinesSkeleton lines={1} />}>
      {(found) => (
        <Text size="sm">{[callersWords(found.callers), breakingWords(found)].filter(Boolean).join(' ')}</Text>
      )}
    </Loaded>
  );
}
