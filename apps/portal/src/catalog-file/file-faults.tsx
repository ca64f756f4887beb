import { Alert, Anchor, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { ProblemError } from '../api/problem.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { formatUnits } from '../format/number.js';
import classes from './catalog-file.module.css';
import { type FileContent, placeInWords } from './file-text.js';

const IN_FILE = 'body.catalog.';

interface FileFaultsProps {
  readonly error: unknown;
  /** Of what was sent. */
  readonly content: FileContent | null;
  /** Brings a line of the text into sight. */
  readonly onShowLine: (line: number) => void;
}

/** Why a file was refused: each fault with its place and its line, where it has one. */
export function FileFaults({ error, content, onShowLine }: FileFaultsProps) {
  const faults = error instanceof ProblemError ? error.faults : [];
  if (faults.length === 0 || content === null)
    return (
      <div style={{ whiteSpace: 'pre-line' }}>
        <ProblemAlert error={error} title="Nothing was changed" />
      </div>
    );
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertCircle size={20} />}
      title={`The file has ${formatUnits(faults.length, 'fault')}. Nothing was changed.`}
    >
      <ul className={classes.faults}>
        {faults.map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            <FaultPlace path={path} content={content} onShowLine={onShowLine} />
            <Text size="sm" component="span">
              {message}
            </Text>
          </li>
        ))}
      </ul>
    </Alert>
  );
}

interface FaultPlaceProps extends Pick<FileFaultsProps, 'onShowLine'> {
  readonly path: string;
  readonly content: FileContent;
}

function FaultPlace({ path, content, onShowLine }: FaultPlaceProps) {
  if (!path.startsWith(IN_FILE)) return <span className={`mono ${classes.place}`}>{path}</span>;
  const place = path.slice(IN_FILE.length);
  const line = content.lineOf(place);
  return (
    <span className={classes.place}>
      <Anchor component="button" type="button" inherit c="inherit" underline="always" onClick={() => onShowLine(line)}>
        Line {line}
      </Anchor>{' '}
      · <span className="mono">{placeInWords(content.tree, place)}</span>
    </span>
  );
}
