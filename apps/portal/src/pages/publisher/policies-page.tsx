import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { apiVersionQuery } from '../../api/api-versions.js';
import { policiesQuery } from '../../api/policies.js';
import { ProblemError } from '../../api/problem.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { PoliciesForm } from '../../policy-editor/policies-form.js';
import { selectorChoices } from '../../policy-editor/policy-words.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';

const route = getRouteApi('/publisher/apis/$api/versions/$version/policies');

export function PoliciesPage(): ReactNode {
  const version = route.useParams();
  const policies = useQuery(policiesQuery(version));
  // What selectors may name; without it they are typed.
  const { data } = useQuery(apiVersionQuery(version));
  if (policies.error instanceof ProblemError && policies.error.status === 404) return <NotFoundPage />;
  return (
    <Page narrow>
      <PageHeader
        title={`Policies of ${version.api} ${version.version}`}
        above={
          <TextLink to="/publisher/apis/$api/versions/$version" params={version}>
            {version.api} {version.version}
          </TextLink>
        }
        description="What gateways do with its calls. They go by what you change within a second."
      />
      <Loaded query={policies} skeleton={<CardsSkeleton cards={5} height={220} />}>
        {(read) => (
          <PoliciesForm
            key={`${version.api}/${version.version}`}
            version={version}
            read={read}
            selectors={data ? selectorChoices(data.routes) : ['*']}
          />
        )}
      </Loaded>
    </Page>
  );
}
