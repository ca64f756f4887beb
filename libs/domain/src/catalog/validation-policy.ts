/** How requests are checked against the version's OpenAPI document. */
export interface ValidationPolicy {
  readonly parameters: boolean;
  readonly body: boolean;
  /** `report` lets requests pass and counts those that would be refused. */
  readonly mode: 'enforce' | 'report';
  /** The largest body that is checked, in bytes. A larger one is refused, or passes unchecked where it is only reported. */
  readonly maxBodyBytes: number;
}
