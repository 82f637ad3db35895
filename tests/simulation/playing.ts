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

/** Plays a programme until a seed breaks something; tells of each to `onPlayed`, and writes which were played. */
export const playSeeds = async (
  { isAsFound, seeds, least, forMs }: Programme,
  stage: Stage,
  play: (seed: number) => Promise<WorldReport>,
  onPlayed: (seed: number, report: WorldReport) => void
): Promise<void> => {
  const startMs = performance.now();
  const played: number[] = [];
  for (const seed of seeds) {
    if (played.length >= least && performance.now() - startMs >= forMs) break;
    onPlayed(seed, await stage.play(`seed ${seed}`, isAsFound(seed), () => play(seed)));
    played.push(seed);
  }
  process.stdout.write(
    `simulated ${played.length} seeds: ${played.join(' ')} (${Math.round(performance.now() - startMs)} ms)\n`
  );
};

/** What a seed is told of that broke something. `only`: it was asked for by itself, and all of its story is told. */
export const toldOf = (seed: number, { story }: WorldReport, only: boolean): string =>
  `seed ${seed} (SHOULDER_SEED=${seed} plays it again)\n${(only ? story : story.slice(-30)).join('\n')}`;
