import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconGitBranch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ApiVersionName } from '../../api/api-versions.js';
import { ProblemError } from '../../api/problem.js';
import { upstreamQuery } from '../../api/upstreams.js';
import { EmptyState } from '../../components/empty-state.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';
import { TrafficForm } from '../../traffic-editor/traffic-form.js';
import type { UpstreamWords } from '../../upstream-editor/upstream-words.js';

const route = getRouteApi('/publisher/apis/$api/versions/$version/traffic-rules');

export function TrafficRulesPage(): ReactNode {
  const version = route.useParams();
  const upstream = useQuery(upstreamQuery(version));
  if (upstream.error instanceof ProblemError && upstream.error.status === 404) return <NotFoundPage />;
  return (
    <Page narrow>
      <PageHeader
        title={`Rules of traffic of ${version.api} ${version.version}`}
        above={
          <TextLink to="/publisher/apis/$api/versions/$version" params={version}>
            {version.api} {version.version}
          </TextLink>
        }
        description="Which of its targets a call goes to: testers and shares of applications to a canary, some plans elsewhere."
      />
      <Loaded query={upstream} skeleton={<CardsSkeleton cards={2} height={240} />}>
        {(read) =>
          (read.upstream as UpstreamWords | null)?.targets ? (
            <TrafficForm key={`${version.api}/${version.version}`} version={version} read={read} />
          ) : (
            <WithoutTargets version={version} />
          )
        }
      </Loaded>
    </Page>
  );
}

function WithoutTargets({ version }: { readonly version: ApiVersionName }) {
  return (
    <Section title="Subsets">
      <EmptyState
        icon={IconGitBranch}
        title="One place only"
        action={
          <ButtonLink to="/publisher/apis/$api/versions/$version/upstream" params={version} variant="default">
            Change the upstream
          </ButtonLink>
        }
      >
        Rules choose among several targets. Give the upstream a second one first.
      </EmptyState>
    </Section>
  );
}
