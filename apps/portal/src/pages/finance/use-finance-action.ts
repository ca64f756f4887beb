import { useDeskAction } from '../../components/use-desk-action.js';

/** What a form of finance does: then all that finance sees is read again, and the form is done. */
export function useFinanceAction<Input = void>(act: (input: Input) => Promise<unknown>, onDone: () => void) {
  return useDeskAction('finance', act, onDone);
}
