interface ProseProps {
  /** Of the API alone, which takes out all that runs or loads from elsewhere. */
  readonly html: string;
}

/** A text that was written in Markdown. */
export function Prose({ html }: ProseProps) {
  return <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}
