import { Alert, Anchor, Skeleton, Text } from '@mantine/core';
import type { Product } from '../api/types.js';
import { CodeChoice, type CodeOption } from '../components/code-choice.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { snippetLanguages, snippetOf } from './snippets.js';
import { useSampleCall } from './use-sample-call.js';

interface SampleCallProps {
  readonly product: Product | undefined;
  /** The whole key, where it is known: right after it was made. */
  readonly apiKey?: string;
  /** For screen readers; the languages stand in its place. */
  readonly title: string;
}

/** A request to the product that can be pasted as it is; or why there is none. */
export function SampleCall({ product, apiKey, title }: SampleCallProps) {
  const sample = useSampleCall(product);
  switch (sample.state) {
    case 'loading':
      return <Skeleton h={158} radius="lg" />;
    case 'failed':
      return <ProblemAlert title="The sample call could not be loaded" error={sample.error} onRetry={sample.retry} />;
    case 'none':
      return <NoSample docs={sample.docs} />;
    case 'ready': {
      const [first, ...others] = snippetLanguages.map((name) => ({
        name,
        code: snippetOf(name, sample.call, apiKey),
        copyLabel: name === 'curl' ? 'Copy command' : 'Copy code',
      })) as [CodeOption, ...CodeOption[]];
      return <CodeChoice title={title} label="Language" options={[first, ...others]} minLines={4} />;
    }
  }
}

function NoSample({ docs }: { readonly docs: string | null }) {
  return (
    <Alert color="gray" title="No call to copy">
      <Text size="sm">
        {docs === null ? (
          'Nothing is published yet that could be called.'
        ) : (
          <>
            Its operations need what cannot be written here.{' '}
            <Anchor href={docs} inherit underline="always">
              The documentation
            </Anchor>{' '}
            has each of them.
          </>
        )}
      </Text>
    </Alert>
  );
}
