import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { publisherProductsQuery } from '../api/publisher.js';
import type { AppliedCatalog, AppliedCatalogChange } from '../api/types.js';
import { Shortened } from '../api-versions/shortened.js';
import { TextLink } from '../components/links.js';
import { StatusBadge } from '../components/status-badge.js';
import classes from './catalog-file.module.css';
import { countWords, kindOf, kinds, placeOfChange } from './change-words.js';

/** Longer texts are cut: nobody reads a document in here. */
const MOST_OF_TEXT = 120;

interface ChangeListProps {
  readonly answer: AppliedCatalog;
  /** They are made: what they are of can be looked at. */
  readonly isMade: boolean;
}

/** What applying a file changes, thing by thing and place by place. */
export function ChangeList({ answer, isMade }: ChangeListProps) {
  const { changes } = answer;
  return (
    <div>
      <div className={classes.badges}>
        {countWords(answer).map((words) => (
          <StatusBadge key={words} tone="neutral">
            {words}
          </StatusBadge>
        ))}
      </div>
      <Shortened items={changes} most={30} noun="things">
        {(shown) => (
          <ul className={classes.list}>
            {shown.map((change, index) => (
              <Change key={`${index} ${change.name}`} change={change} isMade={isMade} />
            ))}
          </ul>
        )}
      </Shortened>
    </div>
  );
}

function Change({ change, isMade }: { readonly change: AppliedCatalogChange; readonly isMade: boolean }) {
  const { noun, name, remarks, differences } = change;
  const kind = kinds[kindOf(change)];
  return (
    <li className={classes.change}>
      <div className={classes.changeHead}>
        <StatusBadge tone={kind.tone}>{kind.label}</StatusBadge>
        <h3 className={classes.changeTitle}>
          {noun} <span className="mono">{name}</span>
        </h3>
        {isMade && <ChangeLink change={change} />}
      </div>
      {remarks.map((remark) => (
        <p key={remark} className={classes.remark}>
          {remark}
        </p>
      ))}
      {differences.length > 0 && (
        <Shortened items={differences} most={20} noun="places">
          {(shown) => (
            <dl className={classes.differences}>
              {shown.map(({ path, from, to }) => (
                <div key={path} className={classes.difference}>
                  <dt>{path}</dt>
                  <dd>
                    <Before text={from} /> <span aria-hidden>→</span> <After text={to} />
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </Shortened>
      )}
    </li>
  );
}

function Before({ text }: { readonly text: string | null }) {
  return (
    <span className={classes.before}>
      <span className="visually-hidden">before: </span>
      {text === null ? 'nothing' : cut(text)}
    </span>
  );
}

function After({ text }: { readonly text: string | null }) {
  return (
    <span className={classes.after}>
      <span className="visually-hidden">after: </span>
      {text === null ? 'nothing' : cut(text)}
    </span>
  );
}

function ChangeLink({ change }: { readonly change: AppliedCatalogChange }) {
  const { data: products } = useQuery(publisherProductsQuery);
  const place = placeOfChange(change);
  const looks = { size: 'sm', 'aria-label': `Open ${change.noun} ${change.name}`, children: 'Open' } as const;
  switch (place?.page) {
    case 'apis':
      return <TextLink to="/publisher/apis" {...looks} />;
    case 'coupons':
      return <TextLink to="/publisher/coupons" {...looks} />;
    case 'version': {
      const { api, version } = place;
      return <TextLink to="/publisher/apis/$api/versions/$version" params={{ api, version }} {...looks} />;
    }
    case 'product':
      return <TextLink to="/publisher/products/$slug/edit" params={{ slug: place.product }} {...looks} />;
    case 'plan': {
      const plans = products?.find(({ slug }) => slug === place.product)?.plans;
      const plan = plans?.find(({ slug }) => slug === place.plan);
      // Drafts and retired plans are in a table of the page above.
      if (!plan) return <TextLink to="/publisher" {...looks} />;
      return <TextLink to="/publisher/plans/$planId" params={{ planId: plan.id }} {...looks} />;
    }
    default:
      return null;
  }
}

function cut(text: string): string {
  return text.length > MOST_OF_TEXT ? `${text.slice(0, MOST_OF_TEXT - 1)}…` : text;
}

/** In place of changes, where there are none. */
export function NoChange() {
  return <Text size="sm">No difference: what is live is what the file says.</Text>;
}
