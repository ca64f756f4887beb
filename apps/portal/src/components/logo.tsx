import classes from './logo.module.css';

/** The logo of this installation, beside its name, which says what it is. */
export function Logo({ size = 26 }: { readonly size?: number }) {
  return <img src="/brand/logo" alt="" height={size} className={classes.logo} />;
}
