/** The mark: a barrier that opens. */
export function Logo({ size = 26 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="#17697e" />
      <path d="M9 25V12" stroke="#fff" strokeWidth="3.2" strokeLinecap="round" />
      <path d="M9 13.5 24 8" stroke="#fff" strokeWidth="3.2" strokeLinecap="round" />
      <path d="M16 25h8" stroke="#b2dde7" strokeWidth="3.2" strokeLinecap="round" />
    </svg>
  );
}
