import { IconArrowRight } from '@tabler/icons-react';
import type { Product } from '../../api/types.js';
import { placeOf } from '../../api-versions/base-path.js';
import { docsHref } from '../../catalog/versions.js';
import { StatusBadge, type Tone } from '../../components/status-badge.js';
import classes from './version-list.module.css';

interface VersionListProps {
  readonly apis: Product['apis'];
}

const states: Readonly<Record<string, { readonly label: string; readonly tone: Tone }>> = {
  draft: { label: 'Draft', tone: 'neutral' },
  deprecated: { label: 'Deprecated', tone: 'warning' },
  retired: { label: 'Retired', tone: 'danger' },
};

/** Every version of some APIs, as links to their documentation. */
export function VersionList({ apis }: VersionListProps) {
  return (
    <ul className={classes.list}>
      {apis.flatMap((api) =>
        api.versions.map((version) => {
          const state = states[version.state];
          return (
            <li key={version.id}>
              <a href={docsHref(api.slug, version.name)} className={classes.version}>
                <span className={classes.title}>
                  {api.title} {version.name}
                </span>
                {version.latest && <StatusBadge tone="info">Latest</StatusBadge>}
                {state && <StatusBadge tone={state.tone}>{state.label}</StatusBadge>}
                <span className={`mono ${classes.path}`}>{placeOf(version)}</span>
                <IconArrowRight size={16} aria-hidden className={classes.arrow} />
              </a>
            </li>
          );
        }),
      )}
    </ul>
  );
}
