import { Radio, Stack, TextInput } from '@mantine/core';
import type { CreditOffer, CreditPack } from '../api/types.js';
import { minorOfInput } from '../format/minor-input.js';

/** A pack of one of the offers, and the amount where the buyer chooses it. */
export interface ChosenPack {
  readonly offer: CreditOffer;
  readonly pack: CreditPack;
  /** As it was written. */
  readonly amount: string;
}

/** What is asked of the API; null while the amount is none. */
export function packInput({ offer, pack, amount }: ChosenPack) {
  const { subscriptionId, currency } = offer;
  if (pack.price !== null) return { subscriptionId, pack: pack.slug };
  const amountMinor = minorOfInput(amount, currency);
  return amountMinor === null || BigInt(amountMinor) <= 0n ? null : { subscriptionId, pack: pack.slug, amountMinor };
}

interface PackChoiceProps {
  readonly offers: readonly CreditOffer[];
  readonly value: ChosenPack;
  readonly onChange: (chosen: ChosenPack) => void;
}

/** Which pack, and how much of one that has no fixed amount. */
export function PackChoice({ offers, value, onChange }: PackChoiceProps) {
  const choices = offers.flatMap((offer) => offer.packs.map((pack) => ({ offer, pack })));
  const keyOf = ({ offer, pack }: { offer: CreditOffer; pack: CreditPack }) => `${offer.subscriptionId} ${pack.slug}`;
  const { pack, offer, amount } = value;
  return (
    <>
      <Radio.Group
        label="Credits"
        description={`They pay for the usage of ${offer.product.title} and of everything else from the same seller.`}
        value={keyOf(value)}
        onChange={(key) => {
          const chosen = choices.find((choice) => keyOf(choice) === key);
          if (chosen) onChange({ ...chosen, amount: '' });
        }}
      >
        <Stack gap="xs" mt="xs">
          {choices.map((choice) => (
            <Radio
              key={keyOf(choice)}
              value={keyOf(choice)}
              label={choice.pack.title}
              description={packWords(choice.pack)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {pack.price === null && (
        <TextInput
          label={`Amount in ${offer.currency}`}
          description={`From ${pack.minimum?.formatted} to ${pack.maximum?.formatted}, before tax.`}
          inputMode="decimal"
          required
          value={amount}
          error={amount !== '' && packInput(value) === null ? `Write an amount such as 25.00.` : null}
          onChange={(event) => onChange({ ...value, amount: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function packWords({ price, credits, validDays }: CreditPack): string {
  const what =
    price === null || credits === null
      ? 'As much as you choose'
      : `${credits.formatted} of credits for ${price.formatted}`;
  return validDays === null ? what : `${what}, valid for ${validDays} days`;
}
