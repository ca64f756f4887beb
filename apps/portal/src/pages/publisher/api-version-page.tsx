import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { apiVersionQuery } from '../../api/api-versions.js';
import { ProblemError } from '../../api/problem.js';
import { ApiVersionBadge } from '../../api-versions/api-version-state.js';
import { CallerTable } from '../../api-versions/caller-table.js';
import { OperationTable } from '../../api-versions/operation-table.js';
import { PolicySection } from '../../api-versions/policy-section.js';
import type { OwnVersion } from '../../api-versions/use-version-action.js';
import { VersionActions } from '../../api-versions/version-actions.js';
import { VersionFacts } from '../../api-versions/version-facts.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';

const route = getRouteApi('/publisher/apis/$api/versions/$version');

export function ApiVersionPage(): ReactNode {
  const version = useQuery(apiVersionQuery(route.useParams()));
  if (version.error instanceof ProblemError && version.error.status === 404) return <NotFoundPage />;
  return (
    <Page>
      <Loaded query={version} skeleton={<CardsSkeleton cards={1} height={640} />}>
        {(loaded) => <VersionView key={loaded.id} version={loaded} />}
      </Loaded>
    </Page>
  );
}

function VersionView({ version }: { readonly version: OwnVersion }) {
  return (
    <>
      <PageHeader
        title={`${version.api.title} ${version.name}`}
        above={<TextLink to="/publisher/apis">APIs</TextLink>}
        badge={<ApiVersionBadge state={version.state} />}
        actions={
          <>
            {(version.upstream?.subsets ?? []).length > 0 && (
              <ButtonLink
                to="/publisher/apis/$api/versions/$version/canary"
                params={{ api: version.api.slug, version: version.name }}
                variant="default"
              >
                Canary
              </ButtonLink>
            )}
            <ButtonLink
              to="/publisher/apis/$api/versions/$version/upstream"
              params={{ api: version.api.slug, version: version.name }}
              variant="default"
            >
              Upstream
            </ButtonLink>
            <VersionActions version={version} />
          </>
        }
      />
      <Stack gap="lg">
        <VersionFacts version={version} />
        <PolicySection version={{ api: version.api.slug, version: version.name }} />
        <OperationTable routes={version.routes} />
        {version.state !== 'draft' && <CallerTable version={version} />}
      </Stack>
    </>
  );
}
