import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { searchQuery } from '../api/catalog.js';
import type { SearchHit } from '../api/types.js';
import { Dialog } from '../components/dialog.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { stepFrom } from './step-from.js';
import classes from './search-dialog.module.css';

/** Finds operations and guides while one types. Arrows choose, Enter opens. */
export function SearchDialog({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [chosen, choose] = useState(0);
  const [asked] = useDebouncedValue(text.trim(), 120);
  const query = useQuery({ ...searchQuery(asked), enabled: asked !== '' });
  const hits = asked === '' ? [] : (query.data ?? []);
  const listId = useId();
  const active = hits[Math.min(chosen, hits.length - 1)];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = stepFrom(event.key, chosen, hits.length);
    if (step !== null) {
      event.preventDefault();
      choose(step);
    }
    if (event.key === 'Enter' && active) window.location.assign(active.href);
  };
  return (
    <Dialog opened onClose={onClose} title="Search the docs" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <TextInput
        data-autofocus
        aria-label="Words to search for"
        placeholder="An operation, a path, a word of a guide"
        leftSection={<IconSearch size={16} />}
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls={listId}
        aria-activedescendant={active && `${listId}-${hits.indexOf(active)}`}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          choose(0);
        }}
        onKeyDown={onKeyDown}
      />
      {query.isError && <ProblemAlert error={query.error} />}
      <ul id={listId} role="listbox" aria-label="Found" className={classes.hits}>
        {hits.map((hit, index) => (
          <li
            key={`${hit.api.slug} ${hit.version} ${hit.method ?? ''} ${hit.name}`}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={hit === active}
            ref={hit === active ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
          >
            <a href={hit.href} tabIndex={-1}>
              <Hit hit={hit} />
            </a>
          </li>
        ))}
      </ul>
      <p className={classes.remark} role="status">
        {remarkOf(asked, query.data, hits.length)}
      </p>
    </Dialog>
  );
}

function Hit({ hit }: { readonly hit: SearchHit }) {
  const { method, name, title, api, version, excerpt } = hit;
  return (
    <>
      <span className={classes.head}>
        <span className={classes.title}>{title || name}</span>
        <span className={classes.place}>
          {api.title} {version}
        </span>
      </span>
      {method !== null && (
        <code className={classes.path}>
          <b>{method}</b> {name}
        </code>
      )}
      {excerpt.length > 0 && (
        <span className={classes.excerpt}>
          {excerpt.map(({ text, isMatch }, index) => (isMatch ? <mark key={index}>{text}</mark> : text))}
        </span>
      )}
    </>
  );
}

function remarkOf(asked: string, found: readonly SearchHit[] | undefined, count: number): string {
  if (asked === '') return 'Every word counts, also as the beginning of a longer one.';
  if (!found) return 'Searching …';
  if (count === 0) return `Nothing has all the words of “${asked}”.`;
  return count === 1 ? '1 place' : `${count} places`;
}
