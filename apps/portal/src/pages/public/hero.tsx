import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../../api/session.js';
import { settingsQuery } from '../../api/settings.js';
import type { Plan, Product } from '../../api/types.js';
import { SampleCall } from '../../catalog/sample-call.js';
import { docsHref, latestVersionOf } from '../../catalog/versions.js';
import { ButtonLink } from '../../components/links.js';
import { usePageTitle } from '../../components/page-header.js';
import { homeOf } from '../../shell/areas.js';
import classes from './hero.module.css';
import { ReceiptFigure } from './receipt-figure.js';

interface HeroProps {
  readonly product: Product | undefined;
  readonly plans: readonly Plan[];
  /** False when there is no product to show a call to. */
  readonly hasSample: boolean;
}

/** The same words as the API sends. */
const TAGLINE =
  'Sign up, choose a plan and get a key. Every request shows up within seconds, with what it costs, and the invoice says exactly what the plan says.';

export function Hero({ product, plans, hasSample }: HeroProps) {
  const { data: settings } = useQuery(settingsQuery);
  const { data: session } = useQuery(sessionQuery);
  const name = settings?.portalName ?? '';
  usePageTitle(name || 'Developer portal');
  const api = product?.apis[0];
  const version = api && latestVersionOf(api);
  return (
    <div className={classes.hero}>
      <div className={classes.inner}>
        <div className={classes.words}>
          <h1>Start building with {name || 'our APIs'}.</h1>
          <p>{settings?.tagline ?? TAGLINE}</p>
          <div className={classes.actions}>
            {session?.user ? (
              <ButtonLink to={homeOf(session)} size="md">
                Go to the dashboard
              </ButtonLink>
            ) : (
              <ButtonLink to="/sign-up" size="md">
                {plans.some(({ free }) => free) ? 'Start for free' : 'Get started'}
              </ButtonLink>
            )}
            {api && version && (
              <a className={classes.docs} href={docsHref(api.slug, version.name)}>
                Read the docs
              </a>
            )}
          </div>
        </div>
        {hasSample && (
          <div className={classes.sample}>
            <SampleCall product={product} title={product ? `First call to ${product.title}` : 'First call'} />
            <ReceiptFigure product={product} />
          </div>
        )}
      </div>
    </div>
  );
}
