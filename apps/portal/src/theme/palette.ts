import type { MantineColorsTuple } from '@mantine/core';

/** The accent as long as an installation has none of its own (`/brand/theme.css`): far enough from the green, amber and red that mean a state. */
export const petrol: MantineColorsTuple = [
  '#eef8fa',
  '#d9eef3',
  '#b2dde7',
  '#85c8d8',
  '#56b0c5',
  '#3198b0',
  '#1f7f97',
  '#17697e',
  '#125568',
  '#0c3f4e',
];

export const gray: MantineColorsTuple = [
  '#f7f9f9',
  '#eff3f3',
  '#e4e9ea',
  '#d3dadc',
  '#b9c3c6',
  '#8e9b9f',
  '#566469',
  '#414d52',
  '#2a3438',
  '#141c1f',
];

export const dark: MantineColorsTuple = [
  '#e6ecee',
  '#c9d2d5',
  '#9dabb0',
  '#7a888d',
  '#38444a',
  '#273135',
  '#1a2225',
  '#0e1315',
  '#0a0e10',
  '#06090a',
];

/** Danger, warning and success, dark enough at shade 7 for white text and at the light end for a quiet background. */
export const red: MantineColorsTuple = [
  '#fdeceb',
  '#fbdbd8',
  '#f6b5ae',
  '#f08b81',
  '#e8675a',
  '#d94a3d',
  '#c43527',
  '#b42318',
  '#8f1a12',
  '#6b120c',
];

export const yellow: MantineColorsTuple = [
  '#fdf3e1',
  '#fae6c2',
  '#f4cf8b',
  '#edb757',
  '#e3a02f',
  '#c98216',
  '#a8640b',
  '#8a4b08',
  '#6f3b06',
  '#532b04',
];

export const green: MantineColorsTuple = [
  '#e7f6ee',
  '#cdecdb',
  '#9fd9bb',
  '#6cc499',
  '#41ad79',
  '#23935f',
  '#157c4f',
  '#0f6b45',
  '#0b5436',
  '#073e28',
];
