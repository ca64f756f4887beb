import { Select } from '@mantine/core';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { NumberField } from '../upstream-editor/number-field.js';
import { SelectorField } from './list-field.js';
import { OrderedRows } from './ordered-rows.js';
import { type CacheRouteWords, USUAL_POLICY } from './policy-words.js';

interface CacheRowsProps {
  readonly routes: readonly CacheRouteWords[];
  readonly onChange: (routes: readonly CacheRouteWords[]) => void;
}

/** Which answers are kept; the first row that matches holds. */
export function CacheRows({ routes, onChange }: CacheRowsProps) {
  return (
    <OrderedRows
      rows={routes}
      noun="kept answers"
      adding="Add answers to keep"
      fresh={(): CacheRouteWords => ({ selector: '*' })}
      onChange={onChange}
    >
      {(row, index, { change, buttons }) => {
        const path = `cache.routes.${index}`;
        return (
          <div className={classes.group} role="group" aria-label={`Kept answers ${index + 1}`}>
            <div className={classes.row}>
              <SelectorField
                path={`${path}.selector`}
                value={row.selector}
                onChange={(selector) => change({ ...row, selector })}
              />
              {buttons}
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
      }}
    </OrderedRows>
  );
}
