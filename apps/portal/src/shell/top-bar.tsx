import { Burger, Group, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../api/session.js';
import { settingsQuery } from '../api/settings.js';
import { ButtonLink, PlainLink } from '../components/links.js';
import { Logo } from '../components/logo.js';
import { SearchButton } from '../search/search-button.js';
import { areasOf } from './areas.js';
import { ColorSchemeToggle } from './color-scheme-toggle.js';
import { NavigationDrawer } from './navigation-drawer.js';
import classes from './top-bar.module.css';
import { UserMenu } from './user-menu.js';

export function TopBar() {
  const { data: settings } = useQuery(settingsQuery);
  const { data: session } = useQuery(sessionQuery);
  const [opened, drawer] = useDisclosure(false);
  const areas = session ? areasOf(session) : [];
  return (
    <header className={classes.bar}>
      <div className={classes.inner}>
        <PlainLink to="/" className={classes.brand}>
          <Logo />
          <span>
            {settings?.portalName}
            <span className="visually-hidden"> home</span>
          </span>
        </PlainLink>
        <nav className={classes.links} aria-label="Main">
          <NavigationLinks areas={areas} />
        </nav>
        <Group gap={8} wrap="nowrap" className={classes.end}>
          <SearchButton />
          <ColorSchemeToggle />
          {session === undefined && <Skeleton circle h={34} w={34} />}
          {session?.user && <UserMenu user={session.user} />}
          {session && !session.user && (
            <>
              <ButtonLink to="/sign-in" variant="subtle" color="gray" className={classes.wide}>
                Sign in
              </ButtonLink>
              <ButtonLink to="/sign-up">Sign up</ButtonLink>
            </>
          )}
          <Burger
            className={classes.burger}
            opened={opened}
            onClick={drawer.toggle}
            size="sm"
            aria-label="Open navigation"
            aria-expanded={opened}
          />
        </Group>
      </div>
      <NavigationDrawer opened={opened} onClose={drawer.close} session={session}>
        <NavigationLinks areas={areas} />
      </NavigationDrawer>
    </header>
  );
}

function NavigationLinks({ areas }: { readonly areas: ReturnType<typeof areasOf> }) {
  return (
    <>
      <PlainLink to="/" className={classes.link} activeOptions={{ exact: true, includeSearch: false }}>
        Products
      </PlainLink>
      <PlainLink to="/docs" className={classes.link}>
        Docs
      </PlainLink>
      {areas.map(({ to, label }) => (
        <PlainLink key={to} to={to} className={classes.link} activeOptions={{ includeSearch: false }}>
          {label}
        </PlainLink>
      ))}
    </>
  );
}
