/**
 * Playing worlds by seed: from beginning to end each, and as many as are asked for or fit the time.
 */
import type { Stage } from './stage.ts';

/** A run that a seed decides. */
export interface Playable {
  /** What happened, one line each, to read when something broke. */
  readonly story: readonly string[];
  readonly comeTogether: () => Promise<void>;
  readonly live: () => Promise<void>;
  readonly heal: () => Promise<void>;
  /** Every broken promise in a sentence. */
  readonly judge: () => Promise<string[]>;
  readonly end: () => Promise<void>;
}

export interface WorldReport {
  readonly broken: readonly string[];
  readonly story: readonly string[];
}

/** Plays a world to its end; what failed unseen is a broken promise too. `hold`: a look at it before it ends. */
export const playWorld = async (
  world: Playable,
  stage: Pick<Stage, 'takeFailures'>,
  hold: () => Promise<void> = async () => undefined
): Promise<WorldReport> => {
  const { story } = world;
  try {
    await world.comeTogether();
    await world.live();
    await world.heal();
    const broken = await world.judge();
    await hold();
    return { broken: [...broken, ...stage.takeFailures()], story };
  } catch (error) {
    const why = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
    return { broken: [why, ...stage.takeFailures()], story };
  } finally {
    await world.end();
  }
};

/** Which seeds to play, in order. */
export interface Programme {
  /** Which are played with the machine's own cryptography, as they were when they failed. */
  readonly isAsFound: (seed: number) => boolean;
  readonly seeds: Iterable<number>;
  /** At least so many are played, */
  readonly least: number;
  /** and further ones as long as this lasts; the last one may run over. */
  readonly forMs: number;
}

/** Plays a programme to its end, and writes which seeds were played. What is told of each that broke something, which is written at once too. */
export const playSeeds = async (
  { isAsFound, seeds, least, forMs }: Programme,
  stage: Stage,
  play: (seed: number) => Promise<WorldReport>
): Promise<string[]> => {
  const startMs = performance.now();
  const played: number[] = [];
  const told: string[] = [];
  for (const seed of seeds) {
    if (played.length >= least && performance.now() - startMs >= forMs) break;
    const report = await stage.play(`seed ${seed}`, isAsFound(seed), () => play(seed));
    played.push(seed);
    if (report.broken.length === 0) continue;
    told.push(toldOf(seed, report, least === 1));
    process.stdout.write(`${told.at(-1)}\n`);
  }
  process.stdout.write(
    `simulated ${played.length} seeds: ${played.join(' ')} (${Math.round(performance.now() - startMs)} ms)\n`
  );
  return told;
};

/** `only`: it was asked for by itself, and all of its story is told. */
const toldOf = (seed: number, { broken, story }: WorldReport, only: boolean): string =>
  [
    `seed ${seed} (SHOULDER_SEED=${seed} plays it again)`,
    ...(only ? story : story.slice(-30)),
    ...broken.slice(0, 12).map((promise) => `broken: ${promise}`)
  ].join('\n');
