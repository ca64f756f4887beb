import { Button, Group, MultiSelect, NumberInput, SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { couponsQuery, createCoupon } from '../../api/coupons.js';
import { publisherProductsQuery } from '../../api/publisher.js';
import { sessionQuery } from '../../api/session.js';
import { Dialog } from '../../components/dialog.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { slugOf } from '../../components/slug-of.js';
import { CouponBounds } from './coupon-bounds.js';

type Kind = 'percent' | 'amount';
type Duration = 'once' | 'months' | 'forever';

interface CreateCouponDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Makes a coupon with its first code. */
export function CreateCouponDialog({ opened, onClose }: CreateCouponDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title="New coupon">
      {opened && <CreateCouponForm onClose={onClose} />}
    </Dialog>
  );
}

function CreateCouponForm({ onClose }: { readonly onClose: () => void }) {
  const queryClient = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const teams = session?.publisherTeams ?? [];
  const { data: products = [] } = useQuery(publisherProductsQuery);
  const [publisher, setPublisher] = useState(teams[0]?.slug ?? '');
  const [title, setTitle] = useState('');
  const [code, setCode] = useState('');
  const [kind, setKind] = useState<Kind>('percent');
  const [off, setOff] = useState('');
  const [currency, setCurrency] = useState(products[0]?.plans[0]?.version.definition.currency ?? 'USD');
  const [duration, setDuration] = useState<Duration>('once');
  const [months, setMonths] = useState(3);
  const [offers, setOffers] = useState<string[]>([]);
  const [most, setMost] = useState<number | ''>('');
  const [until, setUntil] = useState('');
  const create = useMutation({
    mutationFn: () =>
      createCoupon({
        publisher,
        slug: slugOf(title),
        title: title.trim(),
        percentOff: kind === 'percent' ? off.trim() : null,
        amountOff: kind === 'amount' ? off.trim() : null,
        currency: kind === 'amount' ? currency : null,
        months: duration === 'once' ? 1 : duration === 'months' ? months : null,
        offers,
        maxRedemptions: most === '' ? null : most,
        expiresAt: until === '' ? null : `${until}T00:00:00Z`,
        codes: code.trim() === '' ? [] : [code.trim()],
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: couponsQuery.queryKey });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {teams.length > 1 && (
          <Select
            label="Publisher"
            allowDeselect={false}
            data={teams.map(({ slug, name }) => ({ value: slug, label: name }))}
            value={publisher}
            onChange={(value) => value && setPublisher(value)}
          />
        )}
        <TextInput
          label="Title"
          description="Printed on invoices."
          required
          data-autofocus
          maxLength={120}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <TextInput
          label="First code"
          description="What people type, in any case. More can be added later."
          placeholder="SPRING-26"
          maxLength={40}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value.toUpperCase())}
        />
        <SegmentedControl
          aria-label="What is taken off"
          value={kind}
          onChange={(value) => setKind(value as Kind)}
          data={[
            { value: 'percent', label: 'A percentage' },
            { value: 'amount', label: 'An amount a month' },
          ]}
        />
        <Group grow align="flex-start">
          <TextInput
            label={kind === 'percent' ? 'Per cent off' : 'Amount off'}
            required
            inputMode="decimal"
            placeholder={kind === 'percent' ? '20' : '5.00'}
            maxLength={20}
            value={off}
            onChange={(event) => setOff(event.currentTarget.value)}
          />
          {kind === 'amount' && (
            <TextInput
              label="Currency"
              required
              maxLength={3}
              value={currency}
              onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())}
            />
          )}
        </Group>
        <Group grow align="flex-start">
          <Select
            label="For how long"
            allowDeselect={false}
            value={duration}
            data={[
              { value: 'once', label: 'The first month' },
              { value: 'months', label: 'Some months' },
              { value: 'forever', label: 'For good' },
            ]}
            onChange={(value) => value && setDuration(value as Duration)}
          />
          {duration === 'months' && (
            <NumberInput
              label="Months"
              min={2}
              max={120}
              allowDecimal={false}
              required
              value={months}
              onChange={(value) => setMonths(typeof value === 'number' ? value : 0)}
            />
          )}
        </Group>
        <MultiSelect
          label="Of which plans"
          placeholder={offers.length === 0 ? 'All' : undefined}
          data={products.flatMap((product) => [
            { value: product.slug, label: `${product.title}, every plan` },
            ...product.plans.map((plan) => ({
              value: `${product.slug}/${plan.slug}`,
              label: `${product.title} ${plan.title}`,
            })),
          ])}
          value={offers}
          onChange={setOffers}
        />
        <CouponBounds most={most} onMost={setMost} until={until} onUntil={setUntil} />
        {create.isError && <ProblemAlert error={create.error} title="Not made" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Make coupon
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
