import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { addCouponCode, changeCoupon, changeCouponCode, couponsQuery } from '../../api/coupons.js';
import type { Coupon } from '../../api/types.js';
import { couponWords } from '../../catalog/coupon-words.js';
import { Dialog } from '../../components/dialog.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { CouponBounds } from './coupon-bounds.js';

interface ChangeCouponDialogProps {
  /** Null while closed. */
  readonly coupon: Coupon | null;
  readonly onClose: () => void;
}

/** Bounds of a coupon, its codes, and its end. */
export function ChangeCouponDialog({ coupon, onClose }: ChangeCouponDialogProps) {
  return (
    <Dialog opened={coupon !== null} onClose={onClose} title={coupon?.title ?? 'Coupon'}>
      {coupon && (
        <Stack>
          <Text size="sm">{couponWords(coupon)}. Whoever has redeemed it keeps that, whatever is changed here.</Text>
          <BoundsForm coupon={coupon} onDone={onClose} />
          <Codes coupon={coupon} />
        </Stack>
      )}
    </Dialog>
  );
}

function useCouponAction<Input>(act: (input: Input) => Promise<unknown>, onDone: () => void = () => {}) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: couponsQuery.queryKey });
      onDone();
    },
  });
}

function BoundsForm({ coupon: latest, onDone }: { readonly coupon: Coupon; readonly onDone: () => void }) {
  // What was seen when the form opened is what is changed, whatever is read meanwhile.
  const [coupon] = useState(latest);
  const [most, setMost] = useState<number | ''>(coupon.maxRedemptions ?? '');
  const [until, setUntil] = useState(coupon.expiresAt?.slice(0, 10) ?? '');
  const isArchived = coupon.archivedAt !== null;
  const change = useCouponAction(
    (archived: boolean) =>
      changeCoupon(coupon.id, coupon.etag, {
        maxRedemptions: most === '' ? null : most,
        expiresAt: expiryOf(coupon, until),
        isArchived: archived,
      }),
    onDone,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(isArchived);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <CouponBounds most={most} onMost={setMost} until={until} onUntil={setUntil} />
        {change.isError && <ProblemAlert error={change.error} title="Not changed" />}
        <Group justify="flex-end">
          <Button variant="default" disabled={change.isPending} onClick={() => change.mutate(!isArchived)}>
            {isArchived ? 'Restore coupon' : 'Archive coupon'}
          </Button>
          <Button type="submit" loading={change.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The day as it was keeps its time of day. */
function expiryOf({ expiresAt }: Coupon, day: string): string | null {
  if (day === '') return null;
  return expiresAt?.slice(0, 10) === day ? expiresAt : `${day}T00:00:00Z`;
}

function Codes({ coupon }: { readonly coupon: Coupon }) {
  const [code, setCode] = useState('');
  const add = useCouponAction(
    () => addCouponCode(coupon.id, code),
    () => setCode(''),
  );
  const archive = useCouponAction(({ of, isArchived }: { of: string; isArchived: boolean }) =>
    changeCouponCode(coupon.id, of, isArchived),
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate(undefined);
      }}
    >
      <Stack gap="xs">
        <Text size="sm" fw={500}>
          Codes
        </Text>
        {coupon.codes.map(({ code: of, archivedAt }) => (
          <Group key={of} justify="space-between" wrap="nowrap">
            <Text
              size="sm"
              ff="monospace"
              {...(archivedAt !== null && { c: 'dimmed' })}
              style={{ overflowWrap: 'anywhere' }}
            >
              {of}
              {archivedAt !== null && ' (archived)'}
            </Text>
            <Button
              size="xs"
              variant="default"
              aria-label={`${archivedAt === null ? 'Archive' : 'Restore'} code ${of}`}
              onClick={() => archive.mutate({ of, isArchived: archivedAt === null })}
            >
              {archivedAt === null ? 'Archive' : 'Restore'}
            </Button>
          </Group>
        ))}
        <Group align="flex-end" wrap="nowrap">
          <TextInput
            label="Another code"
            placeholder="SPRING-26"
            required
            maxLength={40}
            style={{ flex: 1 }}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value.toUpperCase())}
          />
          <Button type="submit" variant="default" loading={add.isPending}>
            Add
          </Button>
        </Group>
        {(add.isError || archive.isError) && <ProblemAlert error={add.error ?? archive.error} title="Not changed" />}
      </Stack>
    </form>
  );
}
