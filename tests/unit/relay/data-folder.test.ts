/** Where mail goes when nobody has said. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolder } from '../../../src/relay/data-folder.ts';

const home = join('/', 'home', 'ana');
const elsewhere = join('/', 'elsewhere');

test.each([
  ['linux', {}, join(home, '.local', 'share', 'shoulder', 'relay-4173')],
  ['linux', { XDG_DATA_HOME: elsewhere }, join(elsewhere, 'shoulder', 'relay-4173')],
  ['linux', { XDG_DATA_HOME: 'not absolute' }, join(home, '.local', 'share', 'shoulder', 'relay-4173')],
  ['linux', { XDG_DATA_HOME: '' }, join(home, '.local', 'share', 'shoulder', 'relay-4173')],
  ['darwin', {}, join(home, 'Library', 'Application Support', 'Shoulder', 'relay-4173')],
  ['win32', {}, join(home, 'AppData', 'Local', 'Shoulder', 'relay-4173')],
  ['win32', { LOCALAPPDATA: elsewhere }, join(elsewhere, 'Shoulder', 'relay-4173')]
])('on %s with %j it is %s', (platform, environment, expected) => {
  expect(dataFolder({ platform, home, environment }, 4173)).toBe(expected);
});
