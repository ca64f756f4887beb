import { Stack, Text } from '@mantine/core';
import type { CheckedDocument } from '../api/types.js';
import { Facts } from '../components/facts.js';
import { formatUnits } from '../format/number.js';
import classes from './api-versions.module.css';
import { ChangeList } from './change-list.js';
import { RemarkList } from './remark-list.js';

/** What a document is, what could be better about it, and what it changes for callers. */
export function CheckedView({ checked }: { readonly checked: CheckedDocument }) {
  const { info, routes, remarks, compared } = checked;
  return (
    <Stack gap="lg">
      <Facts
        entries={[
          { label: 'Document', value: `${info.title} ${info.version}` },
          { label: 'Format', value: `OpenAPI ${info.openapi}` },
        ]}
      />
      <RouteList routes={routes} />
      <section className={classes.part}>
        <h3 className={classes.partTitle}>What could be better</h3>
        <RemarkList remarks={remarks} />
      </section>
      <section className={classes.part}>
        <h3 className={classes.partTitle}>What changes for callers</h3>
        {compared ? (
          <ChangeList compared={compared} />
        ) : (
          <Text size="sm" mt={4}>
            The API has no version yet: there is nothing to compare it with.
          </Text>
        )}
      </section>
    </Stack>
  );
}

function RouteList({ routes }: Pick<CheckedDocument, 'routes'>) {
  const words = formatUnits(routes.length, 'operation');
  return (
    <details className={classes.routes}>
      <summary>{words}</summary>
      {/* Scrollable, so it must be reachable by keyboard. */}
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={words}>
        <ul>
          {routes.map(({ method, template }) => (
            <li key={`${method} ${template}`} className="mono">
              {method} {template}
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
