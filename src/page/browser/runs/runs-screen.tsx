import { Screen } from '../parts/screen.js';
import { texts } from '../texts.js';

export function RunsScreen() {
  return <Screen title={texts.steps.runs.title}>{null}</Screen>;
}
