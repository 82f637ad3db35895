/**
 * Plays the world of one seed from beginning to end.
 */
import { World } from './world.ts';

export interface WorldReport {
  readonly broken: readonly string[];
  /** What happened, one line each, to read when something broke. */
  readonly story: readonly string[];
}

/** Plays the run of a seed to its end. `failures` is asked for what went wrong unseen: rejections nobody handled. */
export const playSeed = async (seed: number, failures: () => string[]): Promise<WorldReport> => {
  const world = new World(seed);
  try {
    await world.comeTogether();
    await world.live();
    await world.heal();
    return { broken: [...(await world.judge()), ...failures()], story: world.story };
  } catch (error) {
    return {
      broken: [error instanceof Error ? `${error.message}\n${error.stack}` : String(error), ...failures()],
      story: world.story
    };
  } finally {
    await world.end();
  }
};
