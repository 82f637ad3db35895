/**
 * Writes the vectors of protocol version 1, and says which of them are others than before:
 *
 *   node --experimental-strip-types --no-warnings tests/tools/protocol-vectors.ts
 *
 * Only while that version is not released. Afterwards the file never changes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { bytesToHex } from '../../src/lib/base/bytes.ts';
import { sealWelcome } from '../../src/lib/circle/joining.ts';
import { makeVectors, vectorWelcome } from '../unit/vectors/protocol-v1.ts';

const path = join(import.meta.dirname, '../unit/vectors/protocol-v1.json');
const before = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
const made: Record<string, unknown> = await makeVectors();
const { ask, welcome } = await vectorWelcome();
const box = await sealWelcome(ask, welcome);
if (box === undefined) throw new Error('a welcome is sealed to a key that is one');
const text = JSON.stringify({ ...made, welcomeBox: bytesToHex(box) });
writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
for (const [name, value] of Object.entries(made))
  if (JSON.stringify(value) !== JSON.stringify(before[name])) process.stdout.write(`${name}\n`);
