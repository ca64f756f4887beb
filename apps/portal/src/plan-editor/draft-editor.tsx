import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import type { Tagged } from '../api/client.js';
import { deletePlanDraft, planDraftQuery, replacePlanDraft } from '../api/plans.js';
import { ProblemError } from '../api/problem.js';
import type { PlanDraft, PlanTerms, PublisherPlan } from '../api/types.js';
import { ConfirmDialog } from '../components/confirm-dialog.js';
import { DateTime } from '../components/date-time.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Section } from '../components/section.js';
import { BillabilityFields } from './billability-fields.js';
import { EntitlementFields } from './entitlement-fields.js';
import { FeeFields, TrialFields } from './fee-fields.js';
import { FieldFaults } from './field-faults.js';
import { QuotaFields, RateLimitFields } from './limit-fields.js';
import { MoneyFields } from './money-fields.js';
import classes from './plan-editor.module.css';
import { PriceFields } from './price-fields.js';
import { PricePreview } from './price-preview.js';
import { PublishDialog } from './publish-dialog.js';
import { RatingFields } from './rating-fields.js';
import { SimulationPanel } from './simulation-panel.js';
import { usePreview } from './use-preview.js';

interface DraftEditorProps {
  readonly plan: PublisherPlan;
  readonly read: Tagged<PlanDraft>;
  /** The draft is no more: published, or thrown away with or without its plan. */
  readonly onEnd: (what: 'published' | 'deleted') => void;
}

/** The terms of a draft beside what they cost. */
export function DraftEditor({ plan, read, onEnd }: DraftEditorProps) {
  const queryClient = useQueryClient();
  // What was read stays what is changed: a draft that somebody else has saved since is refused, not overwritten.
  const [saved, setSaved] = useState(read);
  const [terms, setTerms] = useState(saved.terms);
  const [asks, setAsks] = useState<'publish' | 'delete' | null>(null);
  const isChanged = JSON.stringify(terms) !== JSON.stringify(saved.terms);
  const live = usePreview(plan.product.slug, terms);
  const take = (next: Tagged<PlanDraft>) => {
    setSaved(next);
    setTerms(next.terms);
    queryClient.setQueryData(planDraftQuery(plan.id).queryKey, next);
  };
  const save = useMutation({
    mutationFn: (next: PlanTerms) => replacePlanDraft(plan.id, saved.etag, next),
    onSuccess: take,
  });
  const remove = useMutation({
    mutationFn: () => deletePlanDraft(plan.id, saved.etag),
    onSuccess: () => onEnd('deleted'),
  });
  const reload = useMutation({
    mutationFn: () => queryClient.fetchQuery({ ...planDraftQuery(plan.id), staleTime: 0 }),
    onSuccess: (next) => {
      take(next);
      save.reset();
    },
  });
  useBlocker({
    shouldBlockFn: () => isChanged && !window.confirm('The draft has changes that are not saved. Leave them?'),
    enableBeforeUnload: () => isChanged,
  });
  const isOutdated = save.error instanceof ProblemError && save.error.status === 412;
  const isOnlyVersion = plan.versions.length === 1;
  return (
    <FieldFaults value={live.faults}>
      <div className={classes.layout}>
        <Section
          title={`Draft of version ${saved.number}`}
          description="Nobody but publishers sees it."
          actions={
            <Button size="xs" variant="subtle" color="red" onClick={() => setAsks('delete')}>
              Delete draft
            </Button>
          }
        >
          <Stack gap="md">
            <FeeFields terms={terms} onChange={setTerms} />
            <PriceFields terms={terms} meters={plan.meters} onChange={setTerms} />
            <RatingFields terms={terms} onChange={setTerms} />
            <QuotaFields terms={terms} meters={plan.meters} onChange={setTerms} />
            <RateLimitFields terms={terms} onChange={setTerms} />
            <EntitlementFields terms={terms} operations={plan.operations} onChange={setTerms} />
            <TrialFields terms={terms} meters={plan.meters} onChange={setTerms} />
            <BillabilityFields terms={terms} plan={plan} onChange={setTerms} />
            <MoneyFields terms={terms} onChange={setTerms} />
          </Stack>
        </Section>
        <div className={classes.side} tabIndex={0} role="region" aria-label="What the draft costs">
          <PricePreview live={live} terms={terms} meters={plan.meters} />
          <SimulationPanel planId={plan.id} isChanged={isChanged} />
        </div>
      </div>
      <div className={classes.bar} role="region" aria-label="Draft">
        <Text size="sm" c="dimmed" role="status">
          {isChanged ? (
            'Changes are not saved yet.'
          ) : (
            <>
              Saved <DateTime at={saved.savedAt} />
            </>
          )}
        </Text>
        <Group gap="sm">
          {isChanged && (
            <Button variant="default" onClick={() => setTerms(saved.terms)}>
              Undo
            </Button>
          )}
          <Button
            variant="default"
            disabled={!isChanged || live.faults.size > 0}
            loading={save.isPending}
            onClick={() => save.mutate(terms)}
          >
            Save draft
          </Button>
          <Button disabled={isChanged || live.faults.size > 0} onClick={() => setAsks('publish')}>
            Publish
          </Button>
        </Group>
        {isOutdated && (
          <Alert color="yellow" title="Somebody else has changed this draft" w="100%">
            <Text size="sm" mb="sm">
              Your changes are still here but cannot be saved over theirs.
            </Text>
            <Button size="xs" variant="default" loading={reload.isPending} onClick={() => reload.mutate()}>
              Leave mine and load theirs
            </Button>
          </Alert>
        )}
        {save.isError && !isOutdated && (
          <div style={{ width: '100%' }}>
            <ProblemAlert error={save.error} title="Not saved" />
          </div>
        )}
      </div>
      <PublishDialog
        plan={plan}
        draft={saved}
        tag={saved.etag}
        opened={asks === 'publish'}
        onClose={() => setAsks(null)}
        onPublished={() => onEnd('published')}
      />
      <ConfirmDialog
        opened={asks === 'delete'}
        onClose={() => setAsks(null)}
        title="Delete this draft?"
        action="Delete draft"
        isDangerous
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
      >
        {isOnlyVersion
          ? 'The plan has no other version and is deleted with it.'
          : 'What is published stays as it is. The draft cannot be brought back.'}
      </ConfirmDialog>
    </FieldFaults>
  );
}
