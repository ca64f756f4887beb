import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { createPlan } from '../api/plans.js';
import { faultsByField } from '../api/problem.js';
import { Dialog } from '../components/dialog.js';
import { NameFields, noNames } from '../components/name-fields.js';
import { ProblemAlert } from '../components/problem-alert.js';

interface NewPlanDialogProps {
  readonly product: { readonly slug: string; readonly title: string };
  /** What the product's other plans bill in. */
  readonly currency: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Begins a plan: as a draft that costs nothing yet. */
export function NewPlanDialog({ product, currency: usual, opened, onClose }: NewPlanDialogProps) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [names, setNames] = useState(noNames);
  const [currency, setCurrency] = useState(usual);
  const create = useMutation({
    mutationFn: () => createPlan(product.slug, { ...names, currency }),
    onSuccess: async (plan) => {
      await queryClient.invalidateQueries({ queryKey: ['publisher', 'plan-versions'] });
      await navigate({ to: '/publisher/plans/$planId', params: { planId: plan.id } });
    },
  });
  const faults = faultsByField(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={`New plan of ${product.title}`}>
      <form onSubmit={submit}>
        <Stack>
          <NameFields names={names} faults={faults} onChange={setNames} />
          <TextInput
            label="Currency"
            required
            maxLength={3}
            value={currency}
            error={faults['currency']}
            onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())}
          />
          {create.isError && Object.keys(faults).length === 0 && <ProblemAlert error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Begin a draft
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
