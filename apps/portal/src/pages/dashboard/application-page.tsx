import { Alert, Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconKey } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { applicationQuery } from '../../api/applications.js';
import { credentialsQuery } from '../../api/credentials.js';
import { ProblemError } from '../../api/problem.js';
import type { Tagged } from '../../api/client.js';
import type { Application } from '../../api/types.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton, TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { CreateKeyDialog } from '../../credentials/create-key-dialog.js';
import { KeyTable } from '../../credentials/key-table.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization } from '../../organization/organization-context.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { ApplicationSettings } from './application-settings.js';
import { ApplicationSubscriptions } from './application-subscriptions.js';

const route = getRouteApi('/dashboard/applications/$applicationId');

export function ApplicationPage(): ReactNode {
  const { applicationId } = route.useParams();
  const { organization } = useOrganization().current;
  const application = useQuery(applicationQuery(organization.id, applicationId));
  if (application.error instanceof ProblemError && application.error.status === 404) return <NotFoundPage />;
  return (
    <Loaded query={application} skeleton={<CardsSkeleton cards={1} height={420} />}>
      {(loaded) => <ApplicationDetails application={loaded} />}
    </Loaded>
  );
}

function ApplicationDetails({ application }: { readonly application: Tagged<Application> }) {
  const { organization, permissions } = useOrganization().current;
  const credentials = useQuery({ ...credentialsQuery(organization.id, application.id), refetchInterval: 15_000 });
  const [issuing, dialog] = useDisclosure(false);
  const isSuspended = application.suspendedAt !== null || organization.suspendedAt !== null;
  const isManager = mayManage(permissions).applications;
  const create = isManager && <Button onClick={dialog.open}>Create key</Button>;
  return (
    <>
      <PageHeader
        title={application.name}
        badge={isSuspended && <StatusBadge tone="danger">Suspended</StatusBadge>}
        above={<TextLink to="/dashboard/applications">Applications</TextLink>}
        description={
          <>
            Created <DateTime at={application.createdAt} format="date" /> ·{' '}
            <span className="mono">{application.id}</span>
          </>
        }
        actions={credentials.data?.length ? create : undefined}
      />
      <Stack gap="lg">
        {application.suspendedAt && organization.suspendedAt === null && (
          <Alert color="red" title="This application is suspended">
            <Text size="sm">
              Its calls are refused. Ask the operator of this portal: no payment lifts it by itself.
            </Text>
          </Alert>
        )}
        <Section title="Keys" description="Sent with each call, in the header x-api-key." flush>
          <Loaded query={credentials} skeleton={<TableSkeleton rows={3} />}>
            {(list) =>
              list.length === 0 ? (
                <EmptyState icon={IconKey} title="No keys yet" action={create}>
                  A key identifies this application. Use one for each place it runs, so that one can be revoked alone.
                </EmptyState>
              ) : (
                <KeyTable application={application} credentials={list} mayManage={isManager} />
              )
            }
          </Loaded>
        </Section>
        <ApplicationSubscriptions application={application} maySubscribe={isManager} />
        {isManager && <ApplicationSettings application={application} />}
        <CreateKeyDialog application={application} opened={issuing} onClose={dialog.close} />
      </Stack>
    </>
  );
}
