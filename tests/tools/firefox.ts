/**
 * Firefox as Debian ships it, driven over WebDriver BiDi (`channel: 'moz-firefox'`) rather than Playwright's own build.
 *
 * Path: `SHOULDER_FIREFOX_PATH`, else Debian's Firefox ESR. Source: docs/adr/0001-sveltekit-line.md on the pin.
 */

/** Launch options for Playwright's `firefox`. */
export const firefoxLaunch = (): { channel: string; executablePath: string } => ({
  channel: 'moz-firefox',
  executablePath: process.env.SHOULDER_FIREFOX_PATH ?? '/usr/bin/firefox-esr'
});
