import { Skeleton } from '@mantine/core';
import type { Product } from '../api/types.js';
import { CodeChoice, type CodeOption } from '../components/code-choice.js';
import { snippetLanguages, snippetOf } from './snippets.js';
import { useSampleCall } from './use-sample-call.js';

interface SampleCallProps {
  readonly product: Product | undefined;
  /** The whole key, where it is known: right after it was made. */
  readonly apiKey?: string;
  /** For screen readers; the languages stand in its place. */
  readonly title: string;
}

/** A request to the product that can be pasted as it is. */
export function SampleCall({ product, apiKey, title }: SampleCallProps) {
  const url = useSampleCall(product);
  if (!url) return <Skeleton h={158} radius="lg" />;
  const [first, ...others] = snippetLanguages.map((name) => ({
    name,
    code: snippetOf(name, url, apiKey),
    copyLabel: name === 'curl' ? 'Copy command' : 'Copy code',
  })) as [CodeOption, ...CodeOption[]];
  return <CodeChoice title={title} label="Language" options={[first, ...others]} minLines={4} />;
}
