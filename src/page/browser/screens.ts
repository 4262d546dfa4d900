import type { ComponentType } from 'preact';

import type { StepName } from '../api/state.js';
import { CheckScreen } from './check/check-screen.js';
import { ColumnsScreen } from './columns/columns-screen.js';
import { FileScreen } from './file/file-screen.js';
import { PlanScreen } from './plan/plan-screen.js';
import { ReportScreen } from './run/report-screen.js';
import { RunScreen } from './run/run-screen.js';
import { RunsScreen } from './runs/runs-screen.js';

/** The screen of each step. */
export const SCREENS: Readonly<Record<StepName, ComponentType>> = {
  file: FileScreen,
  columns: ColumnsScreen,
  check: CheckScreen,
  plan: PlanScreen,
  run: RunScreen,
  report: ReportScreen,
  runs: RunsScreen,
};
