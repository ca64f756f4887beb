import classes from './included-operations.module.css';

interface IncludedOperationsProps {
  /** Null when the plan has all. */
  readonly operations: {
    readonly total: number;
    readonly included: readonly { readonly operation: string; readonly method: string; readonly template: string }[];
  } | null;
}

/** How many operations a plan has, and on demand which. */
export function IncludedOperations({ operations }: IncludedOperationsProps) {
  if (operations === null || operations.included.length === operations.total) return 'All';
  const { included, total } = operations;
  return (
    <details className={classes.list}>
      <summary>
        {included.length} of {total}
      </summary>
      <ul>
        {included.map(({ operation, method, template }) => (
          <li key={operation} className="mono">
            {method} {template}
          </li>
        ))}
      </ul>
    </details>
  );
}
