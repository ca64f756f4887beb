import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { publishPlanDraft } from '../api/plans.js';
import type { PlanDraft, PublisherPlan } from '../api/types.js';
import { PlanDifferences } from '../catalog/plan-differences.js';
import { Dialog } from '../components/dialog.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { formatUnits } from '../format/number.js';
import { MigrateForm } from './migrate-form.js';

interface PublishDialogProps {
  readonly plan: PublisherPlan;
  readonly draft: PlanDraft;
  readonly tag: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** The dialog has closed after the draft was published. */
  readonly onPublished: () => void;
}

/** Says what a draft changes before it is published, and leads on to those who are under other versions. */
export function PublishDialog({ plan, draft, tag, opened, onClose, onPublished }: PublishDialogProps) {
  const queryClient = useQueryClient();
  const publish = useMutation({
    mutationFn: () => publishPlanDraft(plan.id, tag),
    onSuccess: () =>
      Promise.all(
        ['plan-versions', 'products'].map((name) => queryClient.invalidateQueries({ queryKey: ['publisher', name] })),
      ),
  });
  const published = publish.data?.versions.find(({ state }) => state === 'published');
  const subscribers = plan.versions.reduce((sum, { subscriptionCount }) => sum + subscriptionCount, 0);
  const close = published ? onPublished : onClose;
  const title = published ? `Version ${published.number} is published` : `Publish version ${draft.number}?`;
  return (
    <Dialog opened={opened} onClose={close} title={title} size="lg">
      {published ? (
        <AfterPublishing version={published} subscribers={subscribers} onClose={close} />
      ) : (
        <Stack>
          <Text size="sm">
            It is fixed from then on, and what new subscriptions get.
            {subscribers > 0 && ` ${formatUnits(subscribers, 'subscription')} of other versions stay on theirs.`}
          </Text>
          <Differences draft={draft} isFirst={plan.versions.every(({ state }) => state !== 'published')} />
          {publish.isError && <ProblemAlert error={publish.error} title="Not published" />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus>
              Keep it a draft
            </Button>
            <Button loading={publish.isPending} onClick={() => publish.mutate()}>
              Publish version {draft.number}
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}

function Differences({
  draft: { differences, terms },
  isFirst,
}: {
  readonly draft: PlanDraft;
  readonly isFirst: boolean;
}) {
  if (isFirst) return <Text size="sm">No version of this plan is published now: all of it is new.</Text>;
  if (differences.length === 0) return <Text size="sm">It is the same as what is published.</Text>;
  return (
    <PlanDifferences
      caption="What changes"
      differences={differences}
      currency={terms.currency}
      from="Published"
      to="Draft"
    />
  );
}

interface AfterPublishingProps {
  readonly version: PublisherPlan['versions'][number];
  readonly subscribers: number;
  readonly onClose: () => void;
}

function AfterPublishing({ version, subscribers, onClose }: AfterPublishingProps) {
  if (subscribers > 0) return <MigrateForm version={version} onClose={onClose} />;
  return (
    <Stack>
      <Text size="sm">New subscriptions get it from now on.</Text>
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
