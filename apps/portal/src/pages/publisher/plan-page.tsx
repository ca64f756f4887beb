import { Button, Stack, Table } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Tagged } from '../../api/client.js';
import { createPlanDraft, planDraftQuery, planQuery, retirePlan } from '../../api/plans.js';
import { ProblemError } from '../../api/problem.js';
import type { PublisherPlan } from '../../api/types.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { DataTable } from '../../components/data-table.js';
import { Dialog } from '../../components/dialog.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { DraftEditor } from '../../plan-editor/draft-editor.js';
import { MigrateForm } from '../../plan-editor/migrate-form.js';
import { OfferForm } from '../../plan-editor/offer-form.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';
import { VersionBadge, VersionCells, versionColumns } from './version-cells.js';

const route = getRouteApi('/publisher/plans/$planId');

export function PlanPage(): ReactNode {
  const { planId } = route.useParams();
  const plan = useQuery(planQuery(planId));
  if (plan.error instanceof ProblemError && plan.error.status === 404) return <NotFoundPage />;
  return (
    <Page>
      <Loaded query={plan} skeleton={<CardsSkeleton cards={2} height={480} />}>
        {(loaded) => <PlanView key={loaded.id} plan={loaded} />}
      </Loaded>
    </Page>
  );
}

function PlanView({ plan }: { readonly plan: Tagged<PublisherPlan> }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [isRetiring, setRetiring] = useState(false);
  const hasDraft = plan.versions.some(({ state }) => state === 'draft');
  const published = plan.versions.find(({ state }) => state === 'published');
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['publisher'] });
  const retire = useMutation({
    mutationFn: () => retirePlan(plan.id),
    onSuccess: async () => {
      await refresh();
      setRetiring(false);
    },
  });
  const end = async (what: 'published' | 'deleted') => {
    queryClient.removeQueries({ queryKey: planDraftQuery(plan.id).queryKey });
    if (what === 'deleted' && plan.versions.length === 1) {
      queryClient.removeQueries({ queryKey: planQuery(plan.id).queryKey });
      await navigate({ to: '/publisher', ignoreBlocker: true });
    }
    await refresh();
  };
  return (
    <>
      <PageHeader
        title={`${plan.product.title} ${plan.title}`}
        above={<TextLink to="/publisher">Publisher</TextLink>}
        description={plan.summary}
        badge={<VersionBadge state={published?.state ?? (hasDraft ? 'draft' : 'retired')} />}
        actions={
          published && (
            <Button variant="default" onClick={() => setRetiring(true)}>
              Retire plan
            </Button>
          )
        }
      />
      <Stack gap="lg">
        {hasDraft && <Draft plan={plan} onEnd={(what) => void end(what)} />}
        <Versions plan={plan} hasDraft={hasDraft} />
        <OfferForm key={plan.etag} plan={plan} />
      </Stack>
      <ConfirmDialog
        opened={isRetiring}
        onClose={() => setRetiring(false)}
        title={`Retire ${plan.title}?`}
        action="Retire plan"
        isDangerous
        isPending={retire.isPending}
        error={retire.error}
        onConfirm={() => retire.mutate()}
      >
        Its subscribers stay as they are, and nobody can subscribe any more. Publishing another version offers it again.
      </ConfirmDialog>
    </>
  );
}

interface DraftProps {
  readonly plan: PublisherPlan;
  readonly onEnd: (what: 'published' | 'deleted') => void;
}

function Draft({ plan, onEnd }: DraftProps) {
  const draft = useQuery({ ...planDraftQuery(plan.id), staleTime: Number.POSITIVE_INFINITY });
  return (
    <Loaded query={draft} skeleton={<CardsSkeleton cards={2} height={640} />}>
      {(read) => <DraftEditor plan={plan} read={read} onEnd={onEnd} />}
    </Loaded>
  );
}

const columns = [...versionColumns, { label: 'Actions', silent: true }] as const;

function Versions({ plan, hasDraft }: { readonly plan: PublisherPlan; readonly hasDraft: boolean }) {
  const queryClient = useQueryClient();
  const [migrating, setMigrating] = useState<PublisherPlan['versions'][number] | null>(null);
  const begin = useMutation({
    mutationFn: (versionId: string) => createPlanDraft(plan.id, versionId),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['publisher'] }),
  });
  const hasOthers = (id: string) => plan.versions.some((one) => one.id !== id && one.subscriptionCount > 0);
  return (
    <Section
      title="Versions"
      description={
        hasDraft
          ? 'Subscribers stay on their version until you bring them over, with notice.'
          : 'To change a price, begin a draft from a version and publish it.'
      }
      flush
    >
      {begin.isError && <ProblemAlert error={begin.error} title="No draft" />}
      <DataTable caption="Versions" columns={columns} minWidth={720}>
        {plan.versions.map((version) => (
          <Table.Tr key={version.id}>
            <VersionCells version={version} />
            <Table.Td ta="right">
              {version.state === 'published' && hasOthers(version.id) && (
                <Button size="xs" variant="default" onClick={() => setMigrating(version)}>
                  Bring subscribers over
                </Button>
              )}{' '}
              {!hasDraft && version.state !== 'draft' && (
                <Button
                  size="xs"
                  variant={version.state === 'published' ? 'filled' : 'default'}
                  loading={begin.isPending && begin.variables === version.id}
                  onClick={() => begin.mutate(version.id)}
                >
                  Begin a draft from it
                </Button>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
      <Dialog opened={migrating !== null} onClose={() => setMigrating(null)} title="Bring subscribers over">
        {migrating && <MigrateForm version={migrating} onClose={() => setMigrating(null)} />}
      </Dialog>
    </Section>
  );
}
