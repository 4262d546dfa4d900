import { Screen } from '../parts/screen.js';
import { texts } from '../texts.js';

export function CheckScreen() {
  return <Screen title={texts.steps.check.title}>{null}</Screen>;
}
