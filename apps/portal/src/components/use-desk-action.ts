import { useMutation, useQueryClient } from '@tanstack/react-query';

/** Whose pages are read again after something was done: all of the desk's. */
export type Desk = 'finance' | 'operator' | 'publisher';

/** What a form of a desk does: then all that the desk sees is read again, and the form is done. */
export function useDeskAction<Input = void>(desk: Desk, act: (input: Input) => Promise<unknown>, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: [desk] });
      onDone();
    },
  });
}
