/**
 * The first step of `npm test`: makes sure that there is a Chromium to test with, and says which.
 *
 * In this order: one that is installed (browser.ts), Playwright's own, Playwright's own after fetching it, and, as root
 * where there is apt, the package `chromium`. "There" means that it starts. Exit code 1 when nothing did.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright';
import { browserLaunch, installedChromiumPath } from './browser.ts';

/** The version of the Chromium that tests would use now, or undefined where none starts. */
const startingVersion = async (): Promise<string | undefined> => {
  try {
    const browser = await chromium.launch(browserLaunch());
    const version = browser.version();
    await browser.close();
    return version;
  } catch {
    return undefined; // missing, or missing something it needs: either way not one to test with
  }
};

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);

const fail = (sentence: string): never => {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
};

/** Runs a command in the open; whether it ended well. */
const run = (command: string, words: readonly string[]): boolean =>
  spawnSync(command, words, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 10 * 60_000
  }).status === 0;

const fetchPlaywrights = (): boolean => {
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright/package.json')), 'cli.js');
  return run(process.execPath, [cli, 'install', 'chromium']);
};

const fetchDebians = (): boolean =>
  process.getuid?.() === 0 &&
  existsSync('/usr/bin/apt-get') &&
  run('apt-get', ['update']) &&
  run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);

const installedPath = installedChromiumPath();
const atHand = await startingVersion();
if (atHand !== undefined) {
  say(`Tests use Chromium ${atHand} (${installedPath ?? "Playwright's own"}).`);
} else if (installedPath !== undefined) {
  fail(`The Chromium at ${installedPath} does not start: mend it, or name another in SHOULDER_CHROMIUM.`);
} else {
  say("No Chromium is installed, so Playwright's own is fetched for the tests.");
  const fetched = fetchPlaywrights() ? await startingVersion() : undefined;
  if (fetched !== undefined) {
    say(`Tests use Chromium ${fetched} (Playwright's own, fetched just now).`);
  } else {
    say("Playwright's own Chromium could not be fetched or does not start here.");
    const packaged = fetchDebians() ? await startingVersion() : undefined;
    if (packaged === undefined) {
      fail('There is no Chromium to test with: install one, or name one in SHOULDER_CHROMIUM, and run npm test again.');
    }
    say(`Tests use Chromium ${packaged} (the Debian package, installed just now).`);
  }
}
