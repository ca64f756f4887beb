import type {
  ActionIconProps,
  AlertProps,
  AnchorProps,
  DrawerProps,
  MantineThemeComponents,
  ModalProps,
  NotificationProps,
  PaperProps,
  TableProps,
  TooltipProps,
} from '@mantine/core';

/** The page keeps its scroll bar behind a dialog, so that nothing moves sideways when one opens. */
const removeScrollProps = { removeScrollBar: false };

/** How components look here. By name and type only: naming a component must not load its code with every page. */
export const componentDefaults: MantineThemeComponents = {
  ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } satisfies ActionIconProps },
  Alert: { defaultProps: { variant: 'light', radius: 'lg' } satisfies AlertProps },
  Anchor: { defaultProps: { underline: 'hover' } satisfies AnchorProps },
  Button: { styles: { label: { fontWeight: 550 } } },
  Drawer: { defaultProps: { removeScrollProps } satisfies Partial<DrawerProps> },
  InputWrapper: { styles: { label: { fontWeight: 550, marginBottom: 6 } } },
  Modal: {
    defaultProps: {
      centered: true,
      radius: 'lg',
      padding: 'xl',
      closeButtonProps: { 'aria-label': 'Close' },
      removeScrollProps,
      overlayProps: { backgroundOpacity: 0.4, blur: 2 },
    } satisfies Partial<ModalProps>,
    // A long name without a space must not reach beyond the dialog.
    styles: {
      body: { overflowWrap: 'anywhere' },
      title: { fontSize: '1.0625rem', fontWeight: 600, lineHeight: 1.35, overflowWrap: 'anywhere' },
    },
  },
  Notification: {
    defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } satisfies Partial<NotificationProps>,
  },
  Paper: { defaultProps: { radius: 'lg', withBorder: true } satisfies PaperProps },
  Table: { defaultProps: { verticalSpacing: 'sm', horizontalSpacing: 'md' } satisfies TableProps },
  Tooltip: {
    defaultProps: { withArrow: true, openDelay: 250, multiline: true, maw: 320 } satisfies Partial<TooltipProps>,
  },
};
