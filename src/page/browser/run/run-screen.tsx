import { Screen } from '../parts/screen.js';
import { texts } from '../texts.js';

export function RunScreen() {
  return <Screen title={texts.steps.run.title}>{null}</Screen>;
}
