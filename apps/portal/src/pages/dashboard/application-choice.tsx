import { Radio, Stack, TextInput } from '@mantine/core';
import type { Application, Product } from '../../api/types.js';
import { isSubscribed } from '../../subscriptions/offered-plan.js';

export type ChosenApplication =
  | { readonly kind: 'existing'; readonly id: string }
  | { readonly kind: 'new'; readonly name: string };

interface ApplicationChoiceProps {
  readonly applications: readonly Application[];
  readonly product: Product;
  readonly chosen: ChosenApplication;
  readonly onChoose: (chosen: ChosenApplication) => void;
}

/** An application that is there, or a new one by name. */
export function ApplicationChoice({ applications, product, chosen, onChoose }: ApplicationChoiceProps) {
  const name = (
    <TextInput
      label="Application name"
      description="What will call the API: a product, a service, an environment."
      placeholder="Checkout service"
      value={chosen.kind === 'new' ? chosen.name : ''}
      onChange={(event) => onChoose({ kind: 'new', name: event.currentTarget.value })}
      maxLength={100}
    />
  );
  if (applications.length === 0) return name;
  return (
    <Stack gap="sm">
      <Radio.Group
        aria-label="Application"
        value={chosen.kind === 'existing' ? chosen.id : 'new'}
        onChange={(value) => onChoose(value === 'new' ? { kind: 'new', name: '' } : { kind: 'existing', id: value })}
      >
        <Stack gap="xs">
          {applications.map((application) => {
            const taken = isSubscribed(application, product);
            return (
              <Radio
                key={application.id}
                value={application.id}
                label={application.name}
                disabled={taken}
                {...(taken ? { description: `Has a plan of ${product.title} already` } : {})}
              />
            );
          })}
          <Radio value="new" label="A new application" />
        </Stack>
      </Radio.Group>
      {chosen.kind === 'new' && name}
    </Stack>
  );
}
