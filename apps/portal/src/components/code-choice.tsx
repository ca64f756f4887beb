import { useState } from 'react';
import classes from './code-choice.module.css';
import { CodeBlock } from './code-block.js';

export interface CodeOption {
  readonly name: string;
  readonly code: string;
  readonly copyLabel: string;
}

interface CodeChoiceProps {
  /** For screen readers; the options stand in its place. */
  readonly title: string;
  /** What the options are: "Language". */
  readonly label: string;
  readonly options: readonly [CodeOption, ...CodeOption[]];
  readonly minLines: number;
}

/** A piece of code in one of several forms. */
export function CodeChoice({ title, label, options, minLines }: CodeChoiceProps) {
  const [chosen, choose] = useState(options[0].name);
  const shown = options.find(({ name }) => name === chosen) ?? options[0];
  const bar = (
    <span role="group" aria-label={label}>
      {options.map(({ name }) => (
        <button
          key={name}
          type="button"
          className={classes.choice}
          aria-pressed={name === shown.name}
          onClick={() => choose(name)}
        >
          {name}
        </button>
      ))}
    </span>
  );
  return <CodeBlock title={title} bar={bar} code={shown.code} copyLabel={shown.copyLabel} minLines={minLines} />;
}
