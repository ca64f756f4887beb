import { Stack, Switch, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useFault } from '../plan-editor/field-faults.js';
import { FormGroup } from '../plan-editor/form-group.js';

interface PolicyGroupProps<Value> {
  /** Of the section, for its faults. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  /** The file in docs/guides that says more, where no group around says so. */
  readonly guide?: string;
  /** Undefined where it is off. */
  readonly value: Value | undefined;
  /** What it begins with when it is switched on. */
  readonly initial: NoInfer<Value>;
  readonly onChange: (value: Value | undefined) => void;
  readonly children?: (value: Value) => ReactNode;
}

/** A policy that can be switched on, with its fields. */
export function PolicyGroup<Value>({
  path,
  title,
  description,
  guide,
  value,
  initial,
  onChange,
  children,
}: PolicyGroupProps<Value>) {
  const fault = useFault(path);
  return (
    <FormGroup
      title={title}
      description={description}
      actions={
        <Switch
          aria-label={title}
          checked={value !== undefined}
          onChange={(event) => onChange(event.currentTarget.checked ? initial : undefined)}
        />
      }
    >
      {(fault !== undefined || value !== undefined) && (
        <Stack gap="md">
          {fault && (
            <Text size="sm" c="red">
              {fault}
            </Text>
          )}
          {value !== undefined && children?.(value)}
          {value !== undefined && guide !== undefined && (
            <Text size="xs" c="dimmed">
              More in the guide <span className="mono">docs/guides/{guide}.md</span>
            </Text>
          )}
        </Stack>
      )}
    </FormGroup>
  );
}
