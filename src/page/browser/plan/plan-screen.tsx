import { Screen } from '../parts/screen.js';
import { texts } from '../texts.js';

export function PlanScreen() {
  return <Screen title={texts.steps.plan.title}>{null}</Screen>;
}
