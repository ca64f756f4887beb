import { ActionIcon, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { IconSearch, IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { requestIdIn } from '../../usage/request-id.js';

const route = getRouteApi('/dashboard/usage');

/** Finds one request by its id, which every response of the gateway carries. */
export function RequestSearch() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [text, setText] = useState(search.request ?? '');
  const [fault, setFault] = useState<string | null>(null);
  const show = (request: string | null) => {
    const { request: _shown, ...rest } = search;
    const next = request === null ? rest : { ...rest, request };
    void navigate({ to: '/dashboard/usage', search: next, replace: true, resetScroll: false });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const id = requestIdIn(text);
    setFault(text.trim() === '' || id ? null : 'This is not a complete request id.');
    if (text.trim() === '') show(null);
    else if (id) show(id);
  };
  const clear = () => {
    setText('');
    setFault(null);
    show(null);
  };
  return (
    <form role="search" onSubmit={submit} style={{ flex: '0 1 300px', minWidth: 0 }}>
      <TextInput
        aria-label="Search by request id"
        placeholder="Request id"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={fault}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          text ? (
            <ActionIcon aria-label="Clear the search" onClick={clear}>
              <IconX size={16} />
            </ActionIcon>
          ) : null
        }
      />
    </form>
  );
}
