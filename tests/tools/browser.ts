/**
 * Which Chromium the tests drive, and with which flags.
 *
 * Order: `SHOULDER_CHROMIUM`, a browser that is installed, else Playwright's own (no path).
 * `npm test` makes sure that one of these is there: see tests/tools/get-browser.ts.
 */
import { existsSync } from 'node:fs';

const installedPaths = [
  process.env.SHOULDER_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
];

/** Path of an installed Chromium, or undefined where Playwright's own is to be used. */
export const installedChromiumPath = (): string | undefined =>
  installedPaths.find((path) => path !== undefined && path !== '' && existsSync(path));

/** Flags that keep Chromium quiet on the network; without a sandbox only as root, where it has none. */
export const chromiumArgs: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--webrtc-ip-handling-policy=default'
];

/** Launch options for Playwright. */
export const browserLaunch = (): { args: string[]; executablePath?: string } => {
  const executablePath = installedChromiumPath();
  return { args: [...chromiumArgs], ...(executablePath === undefined ? {} : { executablePath }) };
};
