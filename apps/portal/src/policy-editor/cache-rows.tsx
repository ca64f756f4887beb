import { Button, Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import classes from '../plan-editor/plan-editor.module.css';
import { changedAt, withOptional } from '../plan-editor/plan-terms.js';
import { NumberField } from '../upstream-editor/number-field.js';
import { SelectorField } from './list-field.js';
import { type CacheRouteWords, USUAL_POLICY, movedTo } from './policy-words.js';
import { RowButtons, useListName } from './row-buttons.js';

interface CacheRowsProps {
  readonly routes: readonly CacheRouteWords[];
  readonly onChange: (routes: readonly CacheRouteWords[]) => void;
}

/** Which answers are kept; the first row that matches holds. */
export function CacheRows({ routes, onChange }: CacheRowsProps) {
  const list = useListName();
  return (
    <>
      {routes.map((row, index) => {
        const path = `cache.routes.${index}`;
        const change = (next: CacheRouteWords) => onChange(changedAt(routes, index, next));
        return (
          <div key={index} className={classes.group} role="group" aria-label={`Kept answers ${index + 1}`}>
            <div className={classes.row}>
              <SelectorField
                path={`${path}.selector`}
                value={row.selector}
                onChange={(selector) => change({ ...row, selector })}
              />
              <RowButtons
                name={`kept answers ${index + 1}`}
                list={list}
                index={index}
                count={routes.length}
                onMove={(to) => onChange(movedTo(routes, index, to))}
                onRemove={() => onChange(changedAt(routes, index, null))}
              />
            </div>
            <div className={classes.fields} style={{ marginTop: 12 }}>
              <Select
                label="One answer for"
                allowDeselect={false}
                data={[
                  { value: 'consumer', label: 'Each application' },
                  { value: 'shared', label: 'All consumers' },
                ]}
                value={row.scope ?? 'consumer'}
                onChange={(next) => change(withOptional(row, 'scope', next === 'shared' ? next : undefined))}
              />
              <NumberField
                path={`${path}.ttlSeconds`}
                label="Without Cache-Control for"
                suffix=" s"
                usual="Not kept"
                value={row.ttlSeconds}
                onChange={(seconds) => change(withOptional(row, 'ttlSeconds', seconds))}
              />
              <NumberField
                path={`${path}.maxBodyBytes`}
                label="Up to"
                suffix=" bytes"
                usual={USUAL_POLICY.cachedBytes}
                value={row.maxBodyBytes}
                onChange={(bytes) => change(withOptional(row, 'maxBodyBytes', bytes))}
              />
            </div>
          </div>
        );
      })}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...routes, { selector: '*' }])}
        >
          Add answers to keep
        </Button>
      </div>
    </>
  );
}
