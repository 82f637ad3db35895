/**
 * One run over the targets, in a thread of its own: so that whoever watches can tell, and end, a decoder that hangs.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { inputsOf, playTarget } from './play.ts';
import { targets } from './targets.ts';

/** What a run is asked for. `from` and `inputs` count for each target that is named; else `inputs` are shared out. */
export interface Run {
  readonly runSeed: number;
  readonly inputs: number;
  readonly only: string | undefined;
  readonly from: number;
  /** Where it is: the target's place among all, and the input's number. */
  readonly progress: SharedArrayBuffer;
}

const { runSeed, inputs, only, from, progress } = workerData as Run;
const place = new Int32Array(progress);
for (const [target, share] of inputsOf(targets, inputs)) {
  if (only !== undefined && target.name !== only) continue;
  place[0] = targets.indexOf(target);
  const onInput = (input: number): void => {
    place[1] = input;
    Atomics.add(place, 2, 1);
  };
  parentPort?.postMessage(
    await playTarget(target, { runSeed, inputs: only === undefined ? share : inputs, from, onInput })
  );
}
