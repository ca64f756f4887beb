import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ProblemError } from '../../api/problem.js';
import { upstreamQuery } from '../../api/upstreams.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';
import { UpstreamForm } from '../../upstream-editor/upstream-form.js';

const route = getRouteApi('/publisher/apis/$api/versions/$version/upstream');

export function UpstreamPage(): ReactNode {
  const version = route.useParams();
  const upstream = useQuery(upstreamQuery(version));
  if (upstream.error instanceof ProblemError && upstream.error.status === 404) return <NotFoundPage />;
  return (
    <Page narrow>
      <PageHeader
        title={`Upstream of ${version.api} ${version.version}`}
        above={
          <TextLink to="/publisher/apis/$api/versions/$version" params={version}>
            {version.api} {version.version}
          </TextLink>
        }
        actions={
          <ButtonLink to="/publisher/apis/$api/versions/$version/traffic-rules" params={version} variant="default">
            Rules of traffic
          </ButtonLink>
        }
        description="Where its calls go, and how. Gateways go by what you change within a second."
      />
      <Loaded query={upstream} skeleton={<CardsSkeleton cards={3} height={200} />}>
        {(read) => <UpstreamForm key={`${version.api}/${version.version}`} version={version} read={read} />}
      </Loaded>
    </Page>
  );
}
