import { Button, Skeleton, Text } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { productsQuery } from '../../api/catalog.js';
import type { Application, UsageRequest } from '../../api/types.js';
import type { UsageSeries } from '../../api/usage.js';
import { CreateApplicationDialog } from '../../applications/create-application-dialog.js';
import { SampleCall } from '../../catalog/sample-call.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { Section } from '../../components/section.js';
import { CreateKeyDialog } from '../../credentials/create-key-dialog.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization } from '../../organization/organization-context.js';
import { WhoMay } from '../../organization/who-may.js';
import { gettingStarted } from '../../usage/getting-started.js';
import { ChecklistStep } from './checklist-step.js';
import { FirstSuccess } from './first-success.js';

interface ChecklistProps {
  readonly applications: readonly Application[] | undefined;
  readonly requests: readonly UsageRequest[] | undefined;
  readonly series: UsageSeries | undefined;
}

/** The way from nothing to the first successful call, which it shows live. */
export function Checklist({ applications, requests, series }: ChecklistProps) {
  const { organization, permissions } = useOrganization().current;
  // What was shown last: its space is kept while the page loads, so that nothing below it moves.
  const [shown, setShown] = useLocalStorage<'steps' | 'success' | 'hidden'>({
    key: `tollgate.checklist.${organization.id}`,
    defaultValue: 'steps',
    getInitialValueInEffect: false,
  });
  const [creating, createDialog] = useDisclosure(false);
  const [issuing, keyDialog] = useDisclosure(false);
  const { data: products } = useQuery(productsQuery);

  const progress = applications && requests && series && gettingStarted(applications, requests, hasSuccess(series));
  const isComplete = progress?.complete ?? false;
  useEffect(() => {
    if (isComplete && shown === 'steps') setShown('success');
  }, [isComplete, shown, setShown]);

  if (shown === 'hidden') return null;
  if (!progress) return <Skeleton h={shown === 'success' ? 62 : 314} radius="lg" />;
  const { steps, doneCount, firstSuccess } = progress;
  if (isComplete) return <FirstSuccess request={firstSuccess} onHide={() => setShown('hidden')} />;

  const subscribed = applications.find(({ subscriptions }) => subscriptions.some(({ state }) => state === 'active'));
  const productSlug = subscribed?.subscriptions.find(({ state }) => state === 'active')?.product.slug;
  const product = products?.find(({ slug }) => slug === productSlug) ?? products?.[0];
  const keyHolder = subscribed ?? applications[0];
  const [application, plan, key, call] = steps;
  const forManagers = (action: ReactNode) =>
    mayManage(permissions).applications ? action : <WhoMay manage="applications" />;
  return (
    <Section title="Get to your first call" description={`${doneCount} of ${steps.length} done`}>
      <ol style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        <ChecklistStep
          step={application}
          number={1}
          title="Create an application"
          text="It owns your keys and subscriptions."
          action={forManagers(<Button onClick={createDialog.open}>Create application</Button>)}
        />
        <ChecklistStep
          step={plan}
          number={2}
          title="Choose a plan"
          text="Free plans need no card."
          action={forManagers(
            <ButtonLink to="/dashboard/subscribe" search={applications[0] ? { application: applications[0].id } : {}}>
              Choose a plan
            </ButtonLink>,
          )}
        />
        <ChecklistStep
          step={key}
          number={3}
          title="Create a key"
          text="It is shown once: have a safe place ready."
          action={forManagers(
            <Button onClick={keyDialog.open} disabled={!keyHolder}>
              Create key
            </Button>,
          )}
        />
        <ChecklistStep step={call} number={4} title="Make your first call" text="It appears here within seconds.">
          <SampleCall product={product} title="With your key" />
          <Text size="sm" c="dimmed" mt="sm" role="status">
            Waiting for the first successful call…
          </Text>
          <Text size="sm" mt={4}>
            Or{' '}
            <TextLink to="/agents" size="sm" underline="always">
              let an AI agent make it
            </TextLink>
            .
          </Text>
        </ChecklistStep>
      </ol>
      <CreateApplicationDialog opened={creating} onClose={createDialog.close} onCreated={createDialog.close} />
      {keyHolder && <CreateKeyDialog application={keyHolder} opened={issuing} onClose={keyDialog.close} />}
    </Section>
  );
}

function hasSuccess({ buckets }: UsageSeries): boolean {
  return buckets.some(({ statusClass }) => statusClass === 2);
}
