import type { Locator, Page } from 'playwright-core';

/** How somebody works with the page: with the mouse, or with the keyboard only. */
export interface Hands {
  /** A button or a link. */
  activate(target: Locator): Promise<void>;
  /** A radio button. */
  choose(target: Locator): Promise<void>;
  select(target: Locator, label: string): Promise<void>;
  /** Replaces the text of a field. */
  type(target: Locator, text: string): Promise<void>;
  takeFile(page: Page, file: { readonly name: string; readonly bytes: Buffer }): Promise<void>;
  /** Goes to the next wrong cell of the grid. */
  nextProblem(page: Page): Promise<FoundCell>;
  /** Goes to a cell in the current row of the grid. */
  goToCell(page: Page, text: string): Promise<void>;
  /** Writes into the current cell of the grid. */
  editCell(page: Page, text: string): Promise<void>;
}

/** Clicks, and drops the file. Letters are typed all the same. */
export const mouse: Hands = {
  activate: (target) => target.click(),
  choose: (target) => target.click(),
  select: async (target, label) => void (await target.selectOption({ label })),
  type: (target, text) => target.fill(text),
  takeFile: (page, file) => drop(page, file),
  nextProblem: (page) => foundBy(page, () => page.getByRole('button', { name: 'Next problem' }).click()),
  goToCell: (page, text) => page.getByRole('gridcell').filter({ hasText: text }).click(),
  async editCell(page, text) {
    await currentCell(page).dblclick();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  },
};

/** Keys only: what cannot be reached with them is not reached. */
export const keyboard: Hands = {
  async activate(target) {
    await tabTo(target);
    await target.page().keyboard.press('Enter');
  },
  async choose(target) {
    // One stop for all of a group, from which arrows go on.
    const group = target
      .page()
      .getByRole('radio')
      .and(target.page().locator(await groupOf(target)));
    await tabTo(group);
    const { keyboard: keys } = target.page();
    await keys.press('Space');
    // The program may have to respond before the radio button that has the focus is checked.
    const current = group.and(target.page().locator(':focus:checked'));
    for (let tries = 0; tries <= 10; tries += 1) {
      await current.waitFor();
      if (await target.isChecked()) return;
      await keys.press('ArrowDown');
    }
    throw new Error('The arrow keys do not lead to the radio button.');
  },
  async select(target, label) {
    await tabTo(target);
    await target.page().keyboard.type(label);
    await target.page().keyboard.press('Tab');
  },
  async type(target, text) {
    await tabTo(target);
    await target.page().keyboard.press('ControlOrMeta+A');
    await target.page().keyboard.type(text);
  },
  async takeFile(page, { name, bytes }) {
    const chooser = page.waitForEvent('filechooser');
    await keyboard.activate(page.getByRole('button', { name: 'Choose a file' }));
    await (await chooser).setFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });
  },
  async nextProblem(page) {
    if (!(await hasFocus(currentCell(page)))) await tabTo(currentCell(page));
    return foundBy(page, () => page.keyboard.press('F8'));
  },
  async goToCell(page, text) {
    if (!(await hasFocus(currentCell(page)))) await tabTo(currentCell(page));
    for (let presses = 0; presses < 20; presses += 1) {
      if ((await currentCell(page).innerText()).includes(text)) return;
      await page.keyboard.press('ArrowRight');
    }
    throw new Error('The arrow keys do not lead to the cell.');
  },
  async editCell(page, text) {
    if (!(await hasFocus(currentCell(page)))) await tabTo(currentCell(page));
    await page.keyboard.press('F2');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  },
};

/** Line of the file, or row of the sheet, and number of the column, from 0. */
export interface FoundCell {
  readonly line: number;
  readonly column: number;
}

async function foundBy(page: Page, act: () => Promise<void>): Promise<FoundCell> {
  const response = page.waitForResponse(/\/api\/rows\/next/);
  await act();
  const { found } = (await (await response).json()) as { readonly found?: FoundCell };
  if (found === undefined) throw new Error('There is no other problem.');
  return found;
}

export function currentCell(page: Page): Locator {
  return page.locator('[role="gridcell"][tabindex="0"]');
}

interface Focusable {
  matches(selector: string): boolean;
}

async function hasFocus(target: Locator): Promise<boolean> {
  const matches = await target.evaluateAll((elements: readonly Focusable[]) =>
    elements.map((element) => element.matches(':focus')),
  );
  return matches.includes(true);
}

async function tabTo(target: Locator): Promise<void> {
  await target.first().waitFor();
  for (let presses = 0; presses < 200; presses += 1) {
    if (await hasFocus(target)) return;
    await target.page().keyboard.press('Tab');
  }
  throw new Error('The Tab key does not lead to it.');
}

async function groupOf(radio: Locator): Promise<string> {
  return `[name="${(await radio.getAttribute('name')) ?? ''}"]`;
}

/** As the browser reports a file that is dropped anywhere on the page. */
async function drop(
  page: Page,
  { name, bytes }: { readonly name: string; readonly bytes: Buffer },
): Promise<void> {
  await page.evaluate(`(() => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(bytes.toString('base64'))}), (letter) => letter.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], ${JSON.stringify(name)}));
    const target = document.querySelector('main');
    for (const type of ['dragenter', 'dragover', 'drop']) {
      target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }
  })()`);
}
