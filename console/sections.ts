import type { Section } from './page/section.ts';
import { issues } from './pages/issues/index.ts';
import { overview } from './pages/overview/index.ts';
import { records } from './pages/records/index.ts';
import { reports } from './pages/reports/index.ts';
import { runs } from './pages/runs/index.ts';

/** The console's own pages, in the order of the menu. */
export const SECTIONS: readonly Section[] = [overview, runs, issues, records, reports];
