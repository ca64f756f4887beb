import { Button, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ProductWords, PublisherApi } from '../api/types.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Section } from '../components/section.js';
import { FieldFaults } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { changedAt, faultsByPath } from '../plan-editor/plan-terms.js';
import { MeterFields } from './meter-fields.js';
import { PackFields } from './pack-fields.js';
import { newPack } from './pack-words.js';
import { newMeter } from './product-words.js';
import { ShownFields, TermsFields } from './shown-fields.js';
import { useSelectors } from './use-selectors.js';

const MOST_PACKS = 20;

interface ProductFormProps {
  readonly words: ProductWords;
  readonly onChange: (words: ProductWords) => void;
  /** All that could be in the product. */
  readonly apis: readonly PublisherApi[];
  /** Short names of the meters that are there already. */
  readonly keptMeters: ReadonlySet<string>;
  /** How it is called, which is for a new product and one that is there not the same. */
  readonly naming: ReactNode;
  readonly isChanged: boolean;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onReload?: () => void;
  readonly action: string;
  readonly onSubmit: () => void;
}

/** All that a product is, its plans apart. */
export function ProductForm(props: ProductFormProps) {
  const { words, onChange, apis, keptMeters, naming, isChanged, isPending, error, onReload, action, onSubmit } = props;
  const { meters, creditPacks } = words;
  const selectors = useSelectors(apis.filter(({ slug }) => words.apis.includes(slug)));
  const faults = faultsByPath(error);
  const ofMeters = faults.get('meters');
  useBlocker({
    shouldBlockFn: () =>
      isChanged && !isPending && !window.confirm('The product has changes that are not saved. Leave them?'),
    enableBeforeUnload: () => isChanged && !isPending,
  });
  return (
    <FieldFaults value={faults}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <Stack gap="lg">
          <Section title="In the catalogue">
            <Stack gap="md">
              {naming}
              <ShownFields words={words} apis={apis} onChange={onChange} />
            </Stack>
          </Section>
          <Section
            title="Meters"
            description="What is counted, so that plans can price and limit it. A meter stays for good; published plans keep what it was when they were published."
            actions={
              <Button
                size="xs"
                variant="default"
                leftSection={<IconPlus size={14} />}
                onClick={() => onChange({ ...words, meters: [...meters, newMeter(meters)] })}
              >
                Add meter
              </Button>
            }
          >
            <Stack gap="md">
              {meters.map((meter, index) => (
                <MeterFields
                  key={index}
                  path={`meters.${index}`}
                  meter={meter}
                  selectors={selectors}
                  isKept={keptMeters.has(meter.slug)}
                  isOnly={meters.length === 1}
                  onChange={(next) => onChange({ ...words, meters: changedAt(meters, index, next) })}
                />
              ))}
              {ofMeters && (
                <Text size="sm" c="red" role="alert">
                  {ofMeters}
                </Text>
              )}
            </Stack>
          </Section>
          <Section
            title="Prepaid credits"
            description="Packs that subscribers can buy. Their credits pay for usage before anything is invoiced."
            actions={
              <Button
                size="xs"
                variant="default"
                leftSection={<IconPlus size={14} />}
                disabled={creditPacks.length >= MOST_PACKS}
                onClick={() => onChange({ ...words, creditPacks: [...creditPacks, newPack(creditPacks)] })}
              >
                Add pack
              </Button>
            }
          >
            {creditPacks.length === 0 ? (
              <Text size="sm" c="dimmed">
                None: usage is paid for when its period is over.
              </Text>
            ) : (
              <Stack gap="md">
                {creditPacks.map((pack, index) => (
                  <PackFields
                    key={index}
                    path={`creditPacks.${index}`}
                    pack={pack}
                    onChange={(next) => onChange({ ...words, creditPacks: changedAt(creditPacks, index, next) })}
                  />
                ))}
              </Stack>
            )}
          </Section>
          <Section title="Terms of use">
            <TermsFields words={words} onChange={onChange} />
          </Section>
        </Stack>
        <div className={classes.bar} role="region" aria-label="Product">
          <Text size="sm" c="dimmed" role="status">
            {isChanged ? 'Changes are not saved yet.' : 'Nothing has changed.'}
          </Text>
          <Button type="submit" disabled={!isChanged} loading={isPending}>
            {action}
          </Button>
          {error !== null && (
            <div style={{ width: '100%' }}>
              <ProblemAlert error={error} title="Not saved" {...(onReload && { onReload })} />
            </div>
          )}
        </div>
      </form>
    </FieldFaults>
  );
}
