import { Anchor } from '@mantine/core';
import { documentHref } from '../api/api-versions.js';
import { docsHref } from '../catalog/versions.js';
import { DateTime } from '../components/date-time.js';
import { DownloadButton } from '../components/download-button.js';
import { Facts } from '../components/facts.js';
import { Section } from '../components/section.js';
import { formatDay } from '../format/date.js';
import { ApiVersionBadge } from './api-version-state.js';
import classes from './api-versions.module.css';
import { placeOf } from './base-path.js';
import type { OwnVersion } from './use-version-action.js';

/** What a version is, where it is and where its requests go; and the ways to its documentation. */
export function VersionFacts({ version }: { readonly version: OwnVersion }) {
  const { state, info, createdAt, publishedAt, guides } = version;
  return (
    <Section title="Version" actions={<Links version={version} />}>
      <Facts
        entries={[
          { label: 'State', value: <ApiVersionBadge state={state} /> },
          { label: 'Place at the gateway', value: <span className="mono">{placeOf(version)}</span> },
          { label: 'Upstream', value: <Upstream version={version} /> },
          { label: 'Document', value: `${info.title} ${info.version}` },
          { label: 'Created', value: <DateTime at={createdAt} /> },
          { label: 'Published', value: publishedAt === null ? 'Not yet' : <DateTime at={publishedAt} /> },
          { label: 'Switched off on', value: sunsetWords(version) },
          { label: 'Guides', value: guides.length === 0 ? 'None' : guides.map(({ title }) => title).join(', ') },
        ].filter(({ label }) => label !== 'Switched off on' || state === 'deprecated' || version.sunsetOn !== null)}
      />
    </Section>
  );
}

function sunsetWords({ state, sunsetOn, retiresAtSunset }: OwnVersion): string {
  if (sunsetOn === null) return 'No day yet';
  const day = `${formatDay(sunsetOn)} (UTC)`;
  if (state !== 'deprecated') return day;
  return retiresAtSunset ? `${day}, by itself` : `${day}, when you retire it`;
}

function Upstream({ version: { upstream } }: { readonly version: OwnVersion }) {
  if (upstream === null) return 'None: its document answers';
  return (
    <>
      {upstream.urls.map((url) => (
        <div key={url} className="mono">
          {url}
        </div>
      ))}
      {upstream.hasCredential ? 'With a credential' : 'Without a credential'}
    </>
  );
}

function Links({ version: { api, name, state } }: { readonly version: OwnVersion }) {
  const changes = `/docs/${encodeURIComponent(api.slug)}/changes?to=${encodeURIComponent(name)}`;
  return (
    <div className={classes.links}>
      {state !== 'draft' && (
        <>
          <Anchor href={docsHref(api.slug, name)} size="sm" fw={500}>
            View the documentation
          </Anchor>
          <Anchor href={changes} size="sm" fw={500}>
            Change log
          </Anchor>
        </>
      )}
      <DownloadButton href={documentHref({ api: api.slug, version: name })} size="xs">
        Download the document
      </DownloadButton>
    </div>
  );
}
