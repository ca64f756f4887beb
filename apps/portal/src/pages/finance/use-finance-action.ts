import { useMutation, useQueryClient } from '@tanstack/react-query';

/** What a form of finance does: then all that finance sees is read again, and the form is done. */
export function useFinanceAction<Input = void>(act: (input: Input) => Promise<unknown>, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['finance'] });
      onDone();
    },
  });
}
