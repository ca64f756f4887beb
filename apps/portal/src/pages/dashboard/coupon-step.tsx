import { Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { SubscriptionPreview } from '../../api/types.js';
import { couponWords } from '../../catalog/coupon-words.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { LinesSkeleton } from '../../components/skeletons.js';
import { wordsFor } from '../../api/problem.js';
import { RatedLines } from '../../invoices/rated-lines.js';
import { CodeField } from '../../subscriptions/code-field.js';
import { taxRows } from '../../tax/tax-rows.js';

interface CouponStepProps {
  readonly code: string;
  readonly onChange: (code: string) => void;
  /** The code that what is shown is of. */
  readonly applied: string;
  readonly onApply: (code: string) => void;
  readonly preview: UseQueryResult<SubscriptionPreview>;
}

/** Takes a code, and shows the first invoice with it: exactly what will be charged. */
export function CouponStep({ code, onChange, applied, onApply, preview }: CouponStepProps) {
  const isChanged = code.trim() !== applied;
  return (
    <Section title="Code" description="If the product team gave you one that takes something off.">
      <CodeField
        code={code}
        onChange={onChange}
        applied={applied}
        onApply={onApply}
        fault={applied !== '' && preview.isError ? wordsFor(preview.error) : undefined}
        placeholder="None"
      />
      {applied !== '' && !isChanged && !preview.isError && (
        <Loaded query={preview} skeleton={<LinesSkeleton lines={3} />}>
          {(shown) => <WithCoupon shown={shown} />}
        </Loaded>
      )}
    </Section>
  );
}

function WithCoupon({ shown }: { readonly shown: SubscriptionPreview }) {
  const { coupon, atStart, firstPeriod, trialDays } = shown;
  const isDue = atStart.lines.length > 0;
  const invoice = isDue ? atStart : firstPeriod;
  return (
    <>
      {coupon && (
        <Text size="sm" mt="sm" mb="xs" role="status">
          <strong>{coupon.title}</strong>: {couponWords(coupon)}.
        </Text>
      )}
      <RatedLines
        caption={isDue ? 'Charged today' : 'The first invoice'}
        lines={invoice.lines}
        totals={taxRows(invoice, {
          totalLabel: isDue
            ? 'Charged today'
            : `First invoice, ${trialDays === null ? 'in a month' : 'with the trial'}, without usage`,
        })}
      />
    </>
  );
}
