/**
 * The engine of an open app: what it is given, and what becomes of what it has to tell. Loaded after the board has painted.
 */
import { systemClock } from '../base/clock.ts';
import type { DeviceId } from '../base/ids.ts';
import { fadedRestoredRows } from '../store/restored.ts';
import { readRoster } from '../store/rosters.ts';
import { createWebEngine } from '../sync/web-engine.ts';
import type { BackupApp } from './backup/gather.ts';
import { ConfiguredEngine, type ConfiguredEngineOptions } from './configured-engine.ts';
import type { CorrectedClock } from './corrected-clock.ts';
import type { Notices } from './notices.svelte.ts';

/** What of the open app it needs. */
interface OpenApp extends BackupApp {
  readonly notices: Notices;
  readonly onProblem: (problem: unknown) => void;
}

interface EngineSurroundings extends Pick<ConfiguredEngineOptions, 'host' | 'askInstance'> {
  readonly clock: CorrectedClock;
  /** Refusals counted by name, to be added to. */
  readonly refusals: Map<string, number>;
}

export const createFriendsEngine = (
  app: OpenApp,
  { clock, refusals, host, askInstance }: EngineSurroundings
): ConfiguredEngine => {
  const { database, vault, circles, author, onProblem } = app;
  const refused = async (circle: number, type: string, device: DeviceId | null): Promise<void> => {
    const name = `${circle}/${type}/${device ?? ''}`;
    refusals.set(name, (refusals.get(name) ?? 0) + 1);
    await sayRefusal(app, circle, type, device);
  };
  void letRestoredFade(app, clock).catch(onProblem);
  return new ConfiguredEngine({
    database,
    create: (configuration) =>
      createWebEngine({
        ...{ database, vault, circles, author, clock, ...configuration },
        mayFade: () => !clock.isFarOff,
        onTwoOwn: () => void joinTwoOwn(app).catch(onProblem),
        onAhead: (person, untilMs) => clock.heardFriend(person, untilMs),
        onRefused: (circle, type, device) => void refused(circle, type, device).catch(onProblem)
      }),
    host,
    askInstance,
    clock: systemClock,
    onProblem
  });
};

/** Somebody's device was taken along by another: it has one own circle from then on. What that takes loads only then. */
const joinTwoOwn = async (app: OpenApp): Promise<void> => {
  const { joinOwnCircles } = await import('./own-circle-merge.ts');
  await joinOwnCircles(app);
};

/** What a backup brought back fades when its time has come, like everything else. What that takes loads only then. */
const letRestoredFade = async (app: Pick<OpenApp, 'database' | 'vault'>, clock: CorrectedClock): Promise<void> => {
  if (clock.isFarOff || (await fadedRestoredRows(app.database, clock.nowMs())).length === 0) return;
  const { sweepRestored } = await import('./backup/restored-circles.ts');
  await sweepRestored({ database: app.database, vault: app.vault, clock });
};

/** Says what a person may want to know of; the rest is only counted. */
const sayRefusal = async (
  { circles, database, notices }: OpenApp,
  circle: number,
  type: string,
  device: DeviceId | null
): Promise<void> => {
  if (type === 'UnknownVersion') notices.say({ type: 'newer', name: null });
  if (type !== 'BadSignature' && type !== 'WrongKey') return;
  const local = await circles.byNumber(circle);
  const roster = local === undefined ? undefined : await readRoster(database, local);
  const person = device === null ? undefined : roster?.devicesById.get(device)?.person;
  notices.say({ type: 'hostile', name: roster?.people.find(({ id }) => id === person)?.name ?? null });
};
