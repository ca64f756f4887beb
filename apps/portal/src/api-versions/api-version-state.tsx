import type { ListedApiVersion } from '../api/types.js';
import { StatusBadge, type Tone } from '../components/status-badge.js';

type State = ListedApiVersion['state'];

const states: Readonly<Record<State, { readonly label: string; readonly tone: Tone }>> = {
  draft: { label: 'Draft', tone: 'info' },
  published: { label: 'Published', tone: 'positive' },
  deprecated: { label: 'Deprecated', tone: 'warning' },
  retired: { label: 'Retired', tone: 'neutral' },
};

/** The state of a version of an API. */
export function ApiVersionBadge({ state }: { readonly state: State }) {
  const { label, tone } = states[state];
  return <StatusBadge tone={tone}>{label}</StatusBadge>;
}
