import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { publisherApisQuery } from '../../api/api-versions.js';
import { NewVersionForm } from '../../api-versions/new-version-form.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';

const route = getRouteApi('/publisher/apis/$api/new-version');

export function NewApiVersionPage(): ReactNode {
  const { api: slug } = route.useParams();
  const apis = useQuery(publisherApisQuery);
  const api = apis.data?.find((one) => one.slug === slug);
  if (apis.data && !api) return <NotFoundPage />;
  return (
    <Page narrow>
      <PageHeader
        title={api ? `New version of ${api.title}` : 'New version'}
        above={<TextLink to="/publisher/apis">APIs</TextLink>}
        description="Begin with its document, see what it would change for callers, and make a draft of it."
      />
      <Loaded query={apis} skeleton={<CardsSkeleton cards={1} height={480} />}>
        {() => api && <NewVersionForm key={api.slug} api={api} />}
      </Loaded>
    </Page>
  );
}
