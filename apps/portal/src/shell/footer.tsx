import { useQuery } from '@tanstack/react-query';
import { settingsQuery } from '../api/settings.js';
import type { Settings } from '../api/types.js';
import { PlainLink } from '../components/links.js';
import { StatusLine } from './status-line.js';
import classes from './footer.module.css';

/** What the operator has to say, in the order in which the API sends it. */
function OperatorLinks({ settings }: { readonly settings: Settings }) {
  const { supportUrl, terms, privacyUrl, legalNoticeUrl } = settings;
  return (
    <>
      {supportUrl && <a href={supportUrl}>Support</a>}
      {terms && <a href={terms.url}>Terms</a>}
      {privacyUrl && <a href={privacyUrl}>Privacy</a>}
      {legalNoticeUrl && <a href={legalNoticeUrl}>Legal notice</a>}
    </>
  );
}

export function Footer() {
  const { data: settings } = useQuery(settingsQuery);
  return (
    <footer className={classes.footer}>
      <div className={classes.inner}>
        <span>{settings?.portalName ?? ' '}</span>
        <nav aria-label="Footer" className={classes.links}>
          <PlainLink to="/docs">Docs</PlainLink>
          <PlainLink to="/agents">AI agents</PlainLink>
          {/* Rendered by the API, outside of this application. */}
          <a href="/feed.atom">Change log feed</a>
          <a href="/docs/tollgate/v1">Portal API</a>
          {settings && <OperatorLinks settings={settings} />}
          {settings?.inbox && <PlainLink to="/inbox">Development inbox</PlainLink>}
        </nav>
        <StatusLine />
      </div>
    </footer>
  );
}
