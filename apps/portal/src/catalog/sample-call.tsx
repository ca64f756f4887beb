import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { Product } from '../api/types.js';
import { CodeBlock } from '../components/code-block.js';
import classes from './sample-call.module.css';
import { type SnippetLanguage, snippetLanguages, snippetOf } from './snippets.js';
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
  const [language, choose] = useState<SnippetLanguage>('curl');
  if (!url) return <Skeleton h={158} radius="lg" />;
  const languages = (
    <span role="group" aria-label="Language">
      {snippetLanguages.map((name) => (
        <button
          key={name}
          type="button"
          className={classes.language}
          aria-pressed={name === language}
          onClick={() => choose(name)}
        >
          {name}
        </button>
      ))}
    </span>
  );
  return (
    <CodeBlock
      title={title}
      bar={languages}
      code={snippetOf(language, url, apiKey)}
      copyLabel={language === 'curl' ? 'Copy command' : 'Copy code'}
      minLines={4}
    />
  );
}
