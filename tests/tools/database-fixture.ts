/**
 * Writes the fixtures of the database version that the code makes now, as it is to be opened by every later version:
 *
 *   node --experimental-strip-types --no-warnings tests/tools/database-fixture.ts
 *
 * Only while that version is not released. Afterwards its files never change: `tests/unit/store/database-versions.test.ts`
 * keeps them by their hashes.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { DatabaseDump } from '../unit/fixtures/database-dump.ts';
import { makeFixture } from '../unit/fixtures/lived-database.ts';

const folder = join(import.meta.dirname, '../unit/fixtures');

for (const locked of [false, true]) {
  const text = await makeFixture({ locked });
  const { version } = JSON.parse(text) as DatabaseDump;
  const name = `database-v${version / 10}${locked ? '-locked' : ''}.json`;
  const path = join(folder, name);
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
  process.stdout.write(`${name}\n`);
}
