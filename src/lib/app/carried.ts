/**
 * What is carried in by hand, from wherever: a link that was opened, a paste, a file, another app's share sheet. All of it
 * ends here, and from here at the inbox (docs/protocol.md BU6).
 */
import { ok, err, type Result } from '../base/result.ts';
import type { Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { DeviceId, MapKey } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import { personOfDevice } from '../circle/roster.ts';
import { deriveBundleKey, type BundleKey } from '../records/bundle-key.ts';
import { sealEnvelope } from '../records/envelope.ts';
import type { EpochKeys } from '../records/epoch-keys.ts';
import { isStatementKind } from '../records/kinds.ts';
import { isSaidKind } from '../records/said-kind.ts';
import type { Circles, LocalCircle } from '../store/circles.ts';
import { toStorageError, type ShoulderDatabase, type StorageError } from '../store/database.ts';
import { carriedRoute, noteHeard } from '../store/heard.ts';
import { bundlesInText, openBundle, type BundleError } from '../sync/bundle.ts';
import { Inbox, type Outcome } from '../sync/inbox.ts';
import type { CarriedCircle, CarriedIn, CarriedProblem } from '../ui/carried-in.ts';

export interface CarriedDependencies {
  readonly database: ShoulderDatabase;
  readonly circles: Circles;
  readonly clock: Clock;
  readonly random: Random;
}

/** A circle on this device that a bundle may be for. */
interface Place {
  readonly circle: LocalCircle;
  readonly inbox: Inbox;
  readonly keys: readonly BundleKey[];
  readonly from: Set<DeviceId>;
  isMeant: boolean;
  isNews: boolean;
}

/**
 * Brings in every bundle of a text, which may come in pieces. What is stored here goes on to friends like anything else.
 * Errors: what the disk refuses; what came in before stays, and the same text may be brought in again.
 */
export const takeInCarried = async (
  deps: CarriedDependencies,
  pieces: AsyncIterable<string> | Iterable<string>
): Promise<Result<CarriedIn, StorageError>> => {
  const problems = new Set<CarriedProblem>();
  try {
    const places = await openPlaces(deps);
    const keys = places.flatMap((place) => place.keys);
    let found = 0;
    for await (const bundle of bundlesInText(pieces)) {
      found++;
      const opened = bundle.ok ? await openBundle(bundle.value, keys) : bundle;
      if (!opened.ok) problems.add(problemOf(opened.error));
      else {
        const place = places.find((one) => one.keys.some(({ epoch }) => epoch === opened.value.epoch));
        if (place !== undefined) await takeIn(deps, place, opened.value, problems);
      }
    }
    if (found === 0) problems.add('nothing');
    const circles = await Promise.all(places.filter(({ isMeant }) => isMeant).map(toCarriedCircle));
    return ok({ circles, problems: [...problems] });
  } catch (error) {
    return err(toStorageError(error));
  }
};

/** A file's text, piece by piece, so that a large one never stands in memory whole. */
export async function* textOfFile(file: Blob): AsyncGenerator<string> {
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** One's own circle is left out: nobody else is in it who could carry anything. */
const openPlaces = async ({ database, circles, clock, random }: CarriedDependencies): Promise<Place[]> => {
  const shared = (await circles.all()).filter(({ keyring }) => !keyring.own);
  return Promise.all(
    shared.map(async (circle) => ({
      circle,
      // What has expired is not let in; marking that is left to the engine, which knows whether this clock can be trusted.
      inbox: new Inbox({ database, clock, random, mayFade: () => false }, circle),
      keys: await Promise.all(circle.keyring.heldEpochs.map(deriveBundleKey)),
      from: new Set<DeviceId>(),
      isMeant: false,
      isNews: false
    }))
  );
};

/** Seals the records of one bundle anew, offers them to the inbox, and hands on what was stored. */
const takeIn = async (
  { database, random, clock }: CarriedDependencies,
  place: Place,
  { epoch, records }: { readonly epoch: EpochKeys; readonly records: readonly Bytes[] },
  problems: Set<CarriedProblem>
): Promise<void> => {
  place.isMeant = true;
  const sealed = await Promise.all(records.map((sign1) => sealEnvelope(epoch, sign1, random)));
  const arrivals = sealed.map((envelope) => ({ bytes: envelope.ok ? envelope.value : noBytes }));
  const outcomes = await place.inbox.receive(arrivals);
  const { n } = place.circle;
  const stored: MapKey[] = [];
  const heard = new Set<DeviceId>();
  for (const outcome of outcomes) {
    const problem = problemOfOutcome(outcome);
    if (problem !== undefined) problems.add(problem);
    if (outcome.type !== 'stored') continue;
    const { key, device } = outcome;
    stored.push(key);
    heard.add(device);
    if (!isSaidKind(outcome.kind) && !isStatementKind(outcome.kind)) continue;
    place.isNews = true;
    place.from.add(device);
  }
  const rows = stored.map((key): { circle: number; key: MapKey } => ({ circle: n, key }));
  if (rows.length > 0) await database.outbox.bulkAdd(rows);
  await noteHeard(database, { circle: n, route: carriedRoute, nowMs: clock.nowMs() }, heard);
};

const toCarriedCircle = async ({ circle, inbox, from, isNews }: Place): Promise<CarriedCircle> => {
  const roster = await inbox.roster();
  const own = personOfDevice(roster, circle.keyring.device.id);
  const people = new Set([...from].map((device) => personOfDevice(roster, device)).filter((person) => person !== own));
  const names = roster.people.filter(({ id }) => people.has(id)).map(({ name }) => name);
  return { n: circle.n, name: roster.circleName, from: names, isNews };
};

const problemOf = (error: BundleError): CarriedProblem => {
  switch (error.type) {
    case 'CutBundle':
      return 'cut';
    case 'NewerBundle':
      return 'newer';
    case 'MalformedBundle':
    case 'NotOpened':
      return 'unopened';
  }
};

const problemOfOutcome = (outcome: Outcome): CarriedProblem | undefined => {
  if (outcome.type === 'waits') return 'waits';
  return outcome.type === 'refused' ? 'hostile' : undefined;
};

const noBytes = new Uint8Array(0);
