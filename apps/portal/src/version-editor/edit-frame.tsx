import { Button, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemAlert } from '../components/problem-alert.js';
import { FieldFaults } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { faultsByPath } from '../plan-editor/plan-terms.js';

interface EditFrameProps {
  /** What is edited, for those who hear the page. */
  readonly name: string;
  readonly edit: {
    readonly isChanged: boolean;
    readonly save: { readonly mutate: () => void; readonly isPending: boolean; readonly error: unknown };
    readonly reload: { readonly mutate: () => void };
  };
  /** The sections of the form. */
  readonly children: ReactNode;
  /** Below the bar, once it is saved. */
  readonly remark?: ReactNode;
}

/** A form whose faults stand at their fields, with the bar that says whether it is saved. */
export function EditFrame({ name, edit: { isChanged, save, reload }, children, remark }: EditFrameProps) {
  return (
    <FieldFaults value={faultsByPath(save.error)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="lg">{children}</Stack>
        <div className={classes.bar} role="region" aria-label={name}>
          <Text size="sm" c="dimmed" role="status">
            {isChanged ? 'Changes are not saved yet.' : 'Nothing has changed.'}
          </Text>
          <Button type="submit" disabled={!isChanged} loading={save.isPending}>
            Change at once
          </Button>
          {save.error !== null && (
            <div style={{ width: '100%' }}>
              <ProblemAlert error={save.error} title="Not saved" onReload={() => reload.mutate()} />
            </div>
          )}
          {remark}
        </div>
      </form>
    </FieldFaults>
  );
}
