import type { Language } from '../words/dictionary.ts';

export type Light = 'green' | 'amber' | 'red' | 'grey';

/** What is told, before it is put into the form of a channel. Plain texts: nothing in here is markup. */
export interface Message {
  language: Language;
  title: string;
  intro: readonly string[];
  sections: readonly Section[];
  /** What to do next. */
  outro: readonly string[];
}

export interface Section {
  light: Light;
  title: string;
  lines: readonly string[];
}

export const MARKS: Record<Light, string> = { red: '🔴', amber: '🟡', green: '🟢', grey: '⚪' };
