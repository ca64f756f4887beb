import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

type Native = Omit<ComponentPropsWithRef<'a'>, 'color' | 'size' | 'style'>;

/** A text link to another page of the portal. */
export const TextLink = createLink((props: AnchorProps & Native) => <Anchor {...props} />);

/** A link to another page of the portal that looks like a button. */
export const ButtonLink = createLink((props: ButtonProps & Native) => <Button component="a" {...props} />);

/** A link without looks of its own. */
export const PlainLink = createLink((props: ComponentPropsWithRef<'a'>) => <a {...props} />);
