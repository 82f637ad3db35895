/**
 * `npm run simulate`: the long simulation, 300 seeds unless `SHOULDER_SEEDS` says otherwise, half of them of the board, half short ones of
 * who is in, and those that once failed.
 *
 * `--seeds N` plays N of each, the short ones of who is in; with `--full`, full-size ones, which take up to minutes each; `--from M`, from the
 * M-th on. The two play beside each other, on two processors. What else is on the command line goes to Vitest.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values, tokens } = parseArgs({
  options: { seeds: { type: 'string' }, from: { type: 'string' }, full: { type: 'boolean' } },
  strict: false,
  tokens: true
});
const { seeds, from, full } = values;
const complain = (what: string): never => {
  process.stderr.write(`${what}\n`);
  process.exit(1);
};
for (const number of [seeds, from])
  if (number !== undefined && !/^[1-9]\d*$/.test(String(number))) complain('--seeds and --from take how many, from 1');
if (seeds === undefined && (full ?? from) !== undefined) complain('--full and --from need --seeds');
// Only ours are taken away: their names, and the number where that stands by itself.
const ours = tokens.flatMap((token) => {
  if (token.kind !== 'option' || !['seeds', 'from', 'full'].includes(token.name)) return [];
  return token.name === 'full' || token.inlineValue === true ? [token.index] : [token.index, token.index + 1];
});
const rest = process.argv.slice(2).filter((_, i) => !ours.includes(i));
const count = seeds === undefined ? {} : { SHOULDER_BOARD_SEEDS: String(seeds), SHOULDER_TRUST_SEEDS: String(seeds) };
const first = from === undefined ? {} : { SHOULDER_FIRST: String(from) };
const { status } = spawnSync(
  'vitest',
  ['run', '--project', 'simulation', '--mode', 'long', '--maxWorkers', '2', ...rest],
  {
    stdio: 'inherit',
    env: { ...process.env, ...count, ...first, ...(full === undefined ? {} : { SHOULDER_TRUST_SIZE: 'full' }) }
  }
);
process.exitCode = status ?? 1;
