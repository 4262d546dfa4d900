import type { Browser } from 'playwright-core';

/** Chromium as the system has it, or an error that says how to get it. */
export function launchChromium(): Promise<Browser>;
