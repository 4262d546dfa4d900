import { Screen } from '../parts/screen.js';
import { texts } from '../texts.js';

export function FileScreen() {
  return <Screen title={texts.steps.file.title}>{null}</Screen>;
}
