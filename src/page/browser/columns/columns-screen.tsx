import { Screen } from '../parts/screen.js';
import { texts } from '../texts.js';

export function ColumnsScreen() {
  return <Screen title={texts.steps.columns.title}>{null}</Screen>;
}
