import type { Browser } from 'playwright-core';

/** The system's Chromium, or an error that explains how to get it. */
export function launchChromium(): Promise<Browser>;
