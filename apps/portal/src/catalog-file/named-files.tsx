import { Button, FileButton, Group, Text } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { StatusBadge } from '../components/status-badge.js';
import classes from './catalog-file.module.css';
import { matchFiles } from './match-files.js';
import { readBase64 } from '../format/read-base64.js';
import type { CatalogFileEdit } from './use-catalog-file.js';

/** Asks for the files that the catalogue file names, such as OpenAPI documents. */
export function NamedFiles({ edit }: { readonly edit: CatalogFileEdit }) {
  const { written, named, isAsked, change } = edit;
  const resetFiles = useRef<() => void>(null);
  const [fault, setFault] = useState<string | null>(null);
  if (named.length === 0) return null;
  const lacking = named.filter((name) => written.files[name] === undefined);
  const choose = async (chosen: readonly File[]) => {
    resetFiles.current?.();
    const { matches, others } = matchFiles(named, chosen);
    setFault(others.length === 0 ? null : `The catalogue file names no ${others.map(({ name }) => name).join(', ')}.`);
    try {
      const read = await Promise.all(matches.map(async ([name, file]) => [name, await readBase64(file)] as const));
      change({ files: { ...written.files, ...Object.fromEntries(read) } });
    } catch {
      setFault('A file cannot be read. Choose it again.');
    }
  };
  const refusal = fault ?? (isAsked && lacking.length > 0 ? `Choose ${lacking.join(', ')} too.` : null);
  return (
    <div>
      <Text size="sm" fw={550} id="named-files">
        Files that it names
      </Text>
      <ul className={classes.files} aria-labelledby="named-files">
        {named.map((name) => (
          <li key={name}>
            <span className="mono">{name}</span>
            {lacking.includes(name) ? (
              <StatusBadge tone="warning">Not chosen</StatusBadge>
            ) : (
              <StatusBadge tone="positive">Chosen</StatusBadge>
            )}
          </li>
        ))}
      </ul>
      <Group gap="sm">
        <FileButton multiple resetRef={resetFiles} onChange={(chosen) => void choose(chosen)}>
          {(button) => (
            <Button size="xs" variant="default" leftSection={<IconFileUpload size={16} />} {...button}>
              Choose these files
            </Button>
          )}
        </FileButton>
        {refusal && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {refusal}
          </Text>
        )}
      </Group>
    </div>
  );
}
