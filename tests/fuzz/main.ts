/**
 * `npm run fuzz`: a million inputs for every decoder that meets bytes or text from outside, or `--inputs N`.
 *
 * `--seed S` repeats a run; `--target NAME` feeds one decoder alone, with `--from I` beginning at one input. What a decoder
 * does not stand is printed as hex, to be pinned in tests/unit/fuzz/pinned.ts.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { bytesToHex } from '../../src/lib/base/bytes.ts';
import { inputOf, type Tally } from './play.ts';
import { targets } from './targets.ts';
import type { Run } from './worker.ts';

/** An input that takes longer than this hangs. */
const patienceMs = 30_000;
const watchEveryMs = 1000;

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(randomInt(2 ** 32 - 1)) },
    target: { type: 'string' },
    from: { type: 'string', default: '0' }
  }
});
const [inputs, runSeed, from] = [values.inputs, values.seed, values.from].map(Number) as [number, number, number];
const isKnown = values.target === undefined || targets.some(({ name }) => name === values.target);
if (![inputs, runSeed, from].every((number) => Number.isSafeInteger(number) && number >= 0) || !isKnown) {
  process.stderr.write(`--inputs, --seed and --from take whole numbers, --target one of:\n`);
  for (const { name } of targets) process.stderr.write(`  ${name}\n`);
  process.exit(1);
}

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const progress = new SharedArrayBuffer(12);
const place = new Int32Array(progress);
const run: Run = { runSeed, inputs, only: values.target, from, progress };
const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: run });
const total = { inputs: 0, taken: 0, refused: 0, failures: 0 };

/** Ends the run over an input that was under way: it, or one of the few before it, is what did it. */
const giveUp = async (problem: string): Promise<void> => {
  clearInterval(watching);
  const target = targets[place[0] ?? 0];
  total.failures++;
  write(`FAILED  ${target?.name}: ${problem}`);
  write(`        one of the inputs up to ${place[1]} of seed ${runSeed}; the last of them:`);
  if (target !== undefined) write(`        ${bytesToHex(inputOf(target, runSeed, place[1] ?? 0))}`);
  await worker.terminate();
};

let beat = -1;
let stillMs = 0;
const watching = setInterval(() => {
  stillMs = place[2] === beat ? stillMs + watchEveryMs : 0;
  beat = place[2] ?? 0;
  if (stillMs >= patienceMs) void giveUp('hangs');
}, watchEveryMs);

write(`seed ${runSeed}, ${inputs} inputs`);
write(`${'decoder'.padEnd(44)}${['inputs', 'taken', 'refused', 'failed'].map((word) => word.padStart(9)).join('')}`);
worker.on('message', (tally: Tally) => {
  const counts = [tally.inputs, tally.taken, tally.refused, tally.failures.length];
  write(tally.target.padEnd(44) + counts.map((count) => String(count).padStart(9)).join(''));
  for (const { input, bytes, problem } of tally.failures) {
    write(
      `FAILED  input ${input} of seed ${runSeed}: ${bytesToHex(bytes)}\n        ${problem.replaceAll('\n', '\n        ')}`
    );
  }
  total.inputs += tally.inputs;
  total.taken += tally.taken;
  total.refused += tally.refused;
  total.failures += tally.failures.length;
});
worker.on(
  'error',
  (error: unknown) => void giveUp(error instanceof Error ? (error.stack ?? error.message) : String(error))
);
worker.on('exit', (code) => {
  // 13: nothing is left to do and something is still awaited, which then never comes.
  if (code !== 0 && total.failures === 0)
    void giveUp(`ends with ${code}${code === 13 ? ': its answer never comes' : ''}`);
  clearInterval(watching);
  const counts = [total.inputs, total.taken, total.refused, total.failures];
  write('all'.padEnd(44) + counts.map((count) => String(count).padStart(9)).join(''));
  process.exitCode = total.failures === 0 ? 0 : 1;
});
