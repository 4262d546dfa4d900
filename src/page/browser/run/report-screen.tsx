import { Screen } from '../parts/screen.js';
import { texts } from '../texts.js';

export function ReportScreen() {
  return <Screen title={texts.steps.report.title}>{null}</Screen>;
}
