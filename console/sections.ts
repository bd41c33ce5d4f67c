import type { Section } from './page/section.ts';
import { overview } from './pages/overview/index.ts';
import { runs } from './pages/runs/index.ts';

/** The console's own pages, in the order of the menu. */
export const SECTIONS: readonly Section[] = [overview, runs];
