import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../api/session.js';

interface TeamSelectProps {
  /** Its short name; empty for the only one. */
  readonly value: string;
  readonly error?: string | undefined;
  readonly onChange: (team: string) => void;
}

/** For which team something is added; nothing for who belongs to one only. */
export function TeamSelect({ value, error, onChange }: TeamSelectProps) {
  const { data: session } = useQuery(sessionQuery);
  const teams = session?.publisherTeams ?? [];
  if (teams.length < 2) return null;
  return (
    <Select
      label="Publisher team"
      required
      placeholder="Choose one"
      data={teams.map(({ slug, name }) => ({ value: slug, label: name }))}
      value={value || null}
      error={error}
      onChange={(team) => onChange(team ?? '')}
    />
  );
}
