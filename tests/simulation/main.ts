/**
 * `npm run simulate`: the long simulation. The board plays 300 seeds, unless `SHOULDER_SEEDS` says otherwise, and who is in the circle
 * a fifth as many short ones and those that once failed.
 *
 * `--seeds N` plays N of each, the short ones of who is in; with `--full`, full-size ones, which take up to minutes each. What else is
 * on the command line goes to Vitest.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values, tokens } = parseArgs({
  options: { seeds: { type: 'string' }, full: { type: 'boolean' } },
  strict: false,
  tokens: true
});
const { seeds, full } = values;
if (seeds !== undefined && !/^[1-9]\d*$/.test(String(seeds))) {
  process.stderr.write('--seeds takes how many, from 1\n');
  process.exit(1);
}
if (full !== undefined && seeds === undefined) {
  process.stderr.write('--full needs --seeds\n');
  process.exit(1);
}
// Only ours are taken away: their names, and the number where that stands by itself.
const ours = tokens.flatMap((token) => {
  if (token.kind !== 'option' || !['seeds', 'full'].includes(token.name)) return [];
  return token.name === 'full' || token.inlineValue === true ? [token.index] : [token.index, token.index + 1];
});
const rest = process.argv.slice(2).filter((_, i) => !ours.includes(i));
const count = seeds === undefined ? {} : { SHOULDER_SEEDS: String(seeds), SHOULDER_TRUST_SEEDS: String(seeds) };
const { status } = spawnSync('vitest', ['run', '--project', 'simulation', '--mode', 'long', ...rest], {
  stdio: 'inherit',
  env: { ...process.env, ...count, ...(full === undefined ? {} : { SHOULDER_TRUST_SIZE: 'full' }) }
});
process.exitCode = status ?? 1;
