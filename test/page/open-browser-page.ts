import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';

import { accessibilityProblems } from '../browser/accessibility.js';

/** A busy machine may take longer than the half minute of Playwright. */
const PATIENCE_MS = 120_000;
const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };

/**
 * Opens the address as its reader would. In the end the page must not have used anything but its own server, violated its policy, or
 * thrown.
 */
export async function openInBrowser(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = DESKTOP,
): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  const { origin } = new URL(address);
  const violations: string[] = [];
  context.on('request', (request) => {
    const { protocol, origin: target } = new URL(request.url());
    if (target !== origin && protocol !== 'data:') violations.push(`requested ${request.url()}`);
  });
  context.on('weberror', (error) => violations.push(String(error.error())));
  context.on('console', (message) => {
    // A program that has ended, or been started again, is part of some tests.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
      violations.push(message.text());
    }
  });
  onTestFinished(async () => {
    await context.close();
    expect(violations).toEqual([]);
  });
  const page = await context.newPage();
  await page.goto(address);
  await untilShown(page);
  return page;
}

/** Waits until the page shows a step. */
export async function untilShown(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Steps' }).waitFor();
}

interface Sizes {
  readonly scrollWidth: number;
  readonly clientWidth: number;
}

/** What is wrong with the screen as it is: for screen readers, in light and dark, and on a narrow window. */
export async function screenProblems(page: Page): Promise<string[]> {
  const before = page.viewportSize();
  const problems: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 400]) {
      await page.setViewportSize({ width, height: 900 });
      const found = await accessibilityProblems(page);
      problems.push(...found.map((problem) => `${colorScheme}, ${width} px: ${problem}`));
      const { scrolled, shown } = await page
        .locator('html')
        .evaluate(({ scrollWidth, clientWidth }: Sizes) => ({ scrolled: scrollWidth, shown: clientWidth }));
      if (scrolled > shown) problems.push(`${width} px: the page is ${scrolled} px wide`);
    }
  }
  if (before !== null) await page.setViewportSize(before);
  return problems;
}
