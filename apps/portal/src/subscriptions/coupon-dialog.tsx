import { Button, Group, Stack, Text } from '@mantine/core';
import { type UseQueryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsFor } from '../api/problem.js';
import type { CouponPreview } from '../api/types.js';
import { couponWords } from '../catalog/coupon-words.js';
import { DateTime } from '../components/date-time.js';
import { Dialog } from '../components/dialog.js';
import { Loaded } from '../components/loaded.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { LinesSkeleton } from '../components/skeletons.js';
import { RatedLines } from '../invoices/rated-lines.js';
import { taxRows } from '../tax/tax-rows.js';
import { CodeField } from './code-field.js';

interface CouponFormProps {
  readonly preview: (code: string) => UseQueryOptions<CouponPreview, Error, CouponPreview, string[]>;
  readonly redeem: (code: string) => Promise<unknown>;
  /** What is read again when it is redeemed. */
  readonly queryKey: readonly string[];
  readonly onClose: () => void;
}

interface CouponDialogProps extends CouponFormProps {
  readonly opened: boolean;
}

/** Takes a code for a subscription that runs, and shows what it does before it is redeemed. */
export function CouponDialog({ opened, ...form }: CouponDialogProps) {
  return (
    <Dialog opened={opened} onClose={form.onClose} title="Enter a code" size="lg">
      <CouponForm {...form} />
    </Dialog>
  );
}

function CouponForm({ preview, redeem, queryKey, onClose }: CouponFormProps) {
  const queryClient = useQueryClient();
  const [code, setCode] = useState('');
  const [applied, setApplied] = useState('');
  const shown = useQuery({ ...preview(applied), enabled: applied !== '' });
  const isShown = applied !== '' && code.trim() === applied;
  const redemption = useMutation({
    mutationFn: () => redeem(applied),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  return (
    <Stack>
      <CodeField
        code={code}
        onChange={setCode}
        applied={applied}
        onApply={(next) => {
          redemption.reset();
          setApplied(next);
        }}
        fault={applied !== '' && shown.isError ? wordsFor(shown.error) : undefined}
      />
      {isShown && !shown.isError && (
        <Loaded query={shown} skeleton={<LinesSkeleton lines={4} />}>
          {(found) => <PreviewOf shown={found} />}
        </Loaded>
      )}
      {redemption.isError && <ProblemAlert error={redemption.error} title="Not redeemed" />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={redemption.isPending} disabled={!isShown || !shown.data} onClick={() => redemption.mutate()}>
          Redeem
        </Button>
      </Group>
    </Stack>
  );
}

function PreviewOf({ shown: { coupon, from, changed, difference } }: { readonly shown: CouponPreview }) {
  const about = changed.isExact ? '' : 'about ';
  return (
    <div>
      <Text size="sm" mb="xs" role="status">
        <strong>{coupon.title}</strong>: {couponWords(coupon)}, counted from <DateTime at={from} />. So far the invoice
        of the current period says:
      </Text>
      <RatedLines
        caption="The invoice of the current period with the code"
        lines={changed.lines}
        totals={[
          { label: 'The code changes it by', amount: `${about}${difference.formatted}` },
          ...taxRows(changed, { subtotalLabel: 'Before tax', totalLabel: 'With the code', about }),
        ]}
      />
    </div>
  );
}
