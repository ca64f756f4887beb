import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { overridePreviewQuery, overrideSubscription } from '../../api/publisher.js';
import type { OverridePreview, PlanTerms, PublisherSubscriptionPage } from '../../api/types.js';
import { PlanDifferences } from '../../catalog/plan-differences.js';
import { DateTime } from '../../components/date-time.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { RatedLines } from '../../invoices/rated-lines.js';
import { EntitlementFields } from '../../plan-editor/entitlement-fields.js';
import { DecimalField, FieldFaults } from '../../plan-editor/field-faults.js';
import { FormGroup } from '../../plan-editor/form-group.js';
import { QuotaFields, RateLimitFields } from '../../plan-editor/limit-fields.js';
import { overrideOf } from '../../plan-editor/override-terms.js';
import classes from '../../plan-editor/plan-editor.module.css';
import { faultsByPath } from '../../plan-editor/plan-terms.js';
import { PriceFields } from '../../plan-editor/price-fields.js';
import type { ChangeWhen } from '../../api/subscriptions.js';

interface OverrideFormProps {
  readonly found: PublisherSubscriptionPage;
  readonly onClose: () => void;
}

/** Other limits and prices for one subscription, beside what they would do. */
export function OverrideForm({ found, onClose }: OverrideFormProps) {
  const queryClient = useQueryClient();
  const [terms, setTerms] = useState<PlanTerms>(found.presentTerms);
  const [when, setWhen] = useState<ChangeWhen>('period_end');
  const [reason, setReason] = useState('');
  const named = useMemo(() => overrideOf(found.planTerms, terms), [found.planTerms, terms]);
  const [asked] = useDebouncedValue(named, 250);
  const isChanged = JSON.stringify(terms) !== JSON.stringify(found.presentTerms);
  const hasNames = Object.keys(asked).length > 0;
  const preview = useQuery({
    ...overridePreviewQuery(found.id, { terms: asked, when }),
    enabled: isChanged && hasNames,
    placeholderData: (previous) => previous,
  });
  // The body has the terms in a field of their own, the fields do not.
  const faults = useMemo(
    () => new Map([...faultsByPath(preview.error)].map(([path, fault]) => [path.replace(/^terms\./, ''), fault])),
    [preview.error],
  );
  const give = useMutation({
    mutationFn: () => overrideSubscription(found.id, { terms: named, when, reason }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['publisher'] });
      onClose();
    },
  });
  const { meters, operations } = found;
  return (
    <FieldFaults value={faults}>
      <div className={classes.layout}>
        <Section title="Other terms" description="What is not changed here is as the plan says.">
          <Stack gap="md">
            <FormGroup title="Fee">
              <DecimalField
                path="fixedFee"
                label={`Fixed fee a ${terms.billingInterval}, ${terms.currency}`}
                maw={260}
                value={terms.fixedFee}
                onChange={(fixedFee) => setTerms({ ...terms, fixedFee })}
              />
            </FormGroup>
            <PriceFields terms={terms} meters={meters} onChange={setTerms} />
            <QuotaFields terms={terms} meters={meters} onChange={setTerms} />
            <RateLimitFields terms={terms} onChange={setTerms} />
            <EntitlementFields terms={terms} operations={operations} onChange={setTerms} />
          </Stack>
        </Section>
        <div className={classes.side} tabIndex={0} role="region" aria-label="What these terms do">
          <Section title="What these terms do">
            <Stack gap="md">
              <SegmentedControl
                aria-label="When they begin"
                value={when}
                onChange={(value) => setWhen(value === 'now' ? 'now' : 'period_end')}
                data={[
                  { value: 'period_end', label: 'With the next period' },
                  { value: 'now', label: 'Now' },
                ]}
              />
              {!isChanged && (
                <Text size="sm" c="dimmed">
                  Change a limit or a price to see what it does.
                </Text>
              )}
              {isChanged && !hasNames && (
                <Text size="sm" c="dimmed">
                  These are the terms of the plan. To return to them, take the terms of its own back.
                </Text>
              )}
              {isChanged && preview.isError && faults.size === 0 && <ProblemAlert error={preview.error} />}
              {isChanged && faults.size > 0 && <Text size="sm">Correct the fields that are marked.</Text>}
              {isChanged && hasNames && preview.data && !preview.isError && <PreviewOf shown={preview.data} />}
              <TextInput
                label="Reason"
                description="For your team and the audit log."
                maxLength={500}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
              {give.isError && <ProblemAlert error={give.error} title="Not given" />}
              <Group justify="flex-end">
                <Button variant="default" onClick={onClose}>
                  Cancel
                </Button>
                <Button
                  disabled={!isChanged || !hasNames || preview.isError || named !== asked || reason.trim() === ''}
                  loading={give.isPending}
                  onClick={() => give.mutate()}
                >
                  Give these terms
                </Button>
              </Group>
            </Stack>
          </Section>
        </div>
      </div>
    </FieldFaults>
  );
}

function PreviewOf({ shown }: { readonly shown: OverridePreview }) {
  const { when, startsAt, changed, unchanged, difference, differences } = shown;
  const about = changed.isExact && unchanged.isExact ? '' : 'about ';
  return (
    <Stack gap="sm">
      <PlanDifferences
        caption="What is other than in the plan"
        differences={differences}
        currency={difference.currency}
        from="Plan"
        to="These"
      />
      <Text size="sm">
        {when === 'now' ? (
          'Begins now. What was used of quotas counts on; included units and tiers begin anew.'
        ) : (
          <>
            Begins <DateTime at={startsAt} />.
          </>
        )}{' '}
        The invoice of the current period, so far:
      </Text>
      <RatedLines
        caption="The invoice of the current period with these terms"
        lines={changed.lines}
        totals={[
          { label: 'As it is', amount: `${about}${unchanged.total.formatted}` },
          { label: 'Difference', amount: `${about}${difference.formatted}` },
          { label: 'With these terms', amount: `${about}${changed.total.formatted}` },
        ]}
      />
    </Stack>
  );
}
