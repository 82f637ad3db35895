/**
 * `npm run simulate`: the long simulation, 300 seeds unless `--seeds N` or `SHOULDER_SEEDS` say otherwise. What else is on
 * the command line goes to Vitest.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values, tokens } = parseArgs({ options: { seeds: { type: 'string' } }, strict: false, tokens: true });
const { seeds } = values;
if (seeds !== undefined && !/^[1-9]\d*$/.test(String(seeds))) {
  process.stderr.write('--seeds takes how many, from 1\n');
  process.exit(1);
}
// Only ours is taken away: its name, and its number where that stands by itself.
const ours = tokens.flatMap((token) =>
  token.kind === 'option' && token.name === 'seeds'
    ? token.inlineValue === true
      ? [token.index]
      : [token.index, token.index + 1]
    : []
);
const rest = process.argv.slice(2).filter((_, i) => !ours.includes(i));
const { status } = spawnSync('vitest', ['run', '--project', 'simulation', '--mode', 'long', ...rest], {
  stdio: 'inherit',
  env: { ...process.env, ...(seeds === undefined ? {} : { SHOULDER_SEEDS: String(seeds) }) }
});
process.exitCode = status ?? 1;
