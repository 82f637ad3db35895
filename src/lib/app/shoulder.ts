/**
 * The composition root: everything the routes need, made once and handed down by context.
 *
 * Opening it reads the disk and nothing else, so that the board can paint; `begin` then starts the part that talks to
 * friends. What a person does is in `commands/`, what they see in `views/`.
 */
import type { Clock } from '../base/clock.ts';
import { systemRandom, type Random } from '../base/random.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { DeviceId } from '../base/ids.ts';
import { missingCapabilities, type Capability } from '../crypto/support.ts';
import { Author, webLocks, type SayError } from '../store/author.ts';
import { Circles, type LocalCircle } from '../store/circles.ts';
import { createDatabase, toStorageError, type ShoulderDatabase, type StorageError } from '../store/database.ts';
import { Drafts } from '../store/drafts.ts';
import { readRoster, Rosters } from '../store/rosters.ts';
import { openVault, type Vault } from '../store/vault.ts';
import { CorrectedClock } from './corrected-clock.ts';
import { readInstance, type Instance } from './instance.ts';
import { LeadTab, someTabLeads } from './lead-tab.ts';
import { Notices } from './notices.svelte.ts';
import type { OpenedRecords } from './opened-records.ts';
import { RunningEngine } from './running-engine.ts';
import { keepStorage } from './storage-persistence.ts';

export const databaseName = 'shoulder';

export type { LocalCircle } from '../store/circles.ts';

/** Why the app does not open here. */
export type OpenError = StorageError | { readonly type: 'Unsupported'; readonly missing: readonly Capability[] };

interface Parts {
  readonly database: ShoulderDatabase;
  readonly vault: Vault;
  readonly clock: CorrectedClock;
  readonly notices: Notices;
}

export class Shoulder {
  readonly database: ShoulderDatabase;
  readonly vault: Vault;
  readonly circles: Circles;
  readonly author: Author;
  readonly drafts: Drafts;
  readonly clock: Clock;
  readonly random: Random = systemRandom;
  readonly notices: Notices;
  readonly rosters = new Rosters();
  readonly #clock: CorrectedClock;
  readonly #opened = new Map<number, Promise<OpenedRecords>>();
  readonly #refusals = new Map<string, number>();
  readonly #shown = Promise.withResolvers<void>();
  #instance: Promise<Instance> | undefined;

  private constructor({ database, vault, clock, notices }: Parts) {
    this.database = database;
    this.vault = vault;
    this.#clock = clock;
    this.clock = clock;
    this.notices = notices;
    this.circles = new Circles(database, vault);
    this.drafts = new Drafts(database, vault);
    this.author = new Author({ database, clock, random: this.random, exclusively: webLocks });
  }

  /** Opens what is kept on this device, if this browser can keep it well. Errors: what it lacks, what the disk refuses. */
  static async open(): Promise<Result<Shoulder, OpenError>> {
    const missing = await missingCapabilities(window);
    if (missing.length > 0) return err({ type: 'Unsupported', missing });
    const notices = new Notices();
    const clock = new CorrectedClock(() => notices.say({ type: 'clock' }));
    const database = createDatabase(databaseName);
    try {
      const [vault] = await Promise.all([openVault(database, systemRandom), forgetPresence(database)]);
      return ok(new Shoulder({ database, vault, clock, notices }));
    } catch (error) {
      return err(toStorageError(error));
    }
  }

  /** Resolves when the first screen has something on it. What a screen does not need waits for that. */
  get whenShown(): Promise<void> {
    return this.#shown.promise;
  }

  /** This screen has something on it. */
  shown(): void {
    this.#shown.resolve();
  }

  /** The records of a circle, opened as far as they are for this person; one for each circle while the tab lives. */
  openedRecords(circle: LocalCircle): Promise<OpenedRecords> {
    const known = this.#opened.get(circle.n);
    if (known !== undefined) return known;
    const opened = this.#openRecords(circle);
    this.#opened.set(circle.n, opened);
    return opened;
  }

  /** The instance's configuration, asked for until it answers once; the server's time comes with it and is heeded. */
  instance(base: URL): Promise<Instance> {
    this.#instance ??= readInstance(base).then((instance) => {
      if (instance.serverNowMs === null) this.#instance = undefined;
      else this.#clock.heardServer(instance.serverNowMs);
      return instance;
    });
    return this.#instance;
  }

  /** Counted refusals by name, for the person's own eyes. */
  get refusals(): ReadonlyMap<string, number> {
    return this.#refusals;
  }

  /** What was thrown and nobody caught: said once, calmly; the board stays. */
  readonly onProblem = (problem: unknown): void => {
    try {
      this.notices.say({ type: storageNotices[toStorageError(problem).type] });
    } catch {
      this.notices.say({ type: 'crashed' });
      reportError(problem);
    }
  };

  /** Something could not be kept, at a place that has no sentence of its own for it. */
  readonly onSayError = (error: SayError): void => {
    this.notices.say({ type: error.type === 'TooLarge' ? 'crashed' : storageNotices[error.type] });
  };

  /** Starts to talk to friends while this tab is the one that is looked at. Returns what ends it. */
  begin(base: URL): () => void {
    const engine = new RunningEngine(() => this.#createEngine(base), this.onProblem);
    const stopLeading = new LeadTab({ take: () => engine.start(), yield: () => engine.stop() }).start();
    const wake = (): void => {
      if (document.visibilityState === 'visible') engine.wake();
    };
    const moments = ['online', 'pageshow', 'focus'] as const;
    moments.forEach((moment) => window.addEventListener(moment, wake));
    document.addEventListener('visibilitychange', wake);
    document.addEventListener('resume', wake);
    return () => {
      moments.forEach((moment) => window.removeEventListener(moment, wake));
      document.removeEventListener('visibilitychange', wake);
      document.removeEventListener('resume', wake);
      stopLeading();
    };
  }

  /** Asks the browser to keep what there is to lose. Once, after the first thing was said. */
  keepStorage(): Promise<boolean> {
    return keepStorage(this.database);
  }

  async #openRecords(circle: LocalCircle): Promise<OpenedRecords> {
    const [{ OpenedRecords }, { ContentKeys }] = await Promise.all([
      import('./opened-records.ts'),
      import('../store/content-keys.ts')
    ]);
    return new OpenedRecords(circle, new ContentKeys(this.database, this.vault));
  }

  async #createEngine(base: URL) {
    const [{ createWebEngine }, instance] = await Promise.all([import('../sync/web-engine.ts'), this.instance(base)]);
    return createWebEngine({
      database: this.database,
      vault: this.vault,
      circles: this.circles,
      author: this.author,
      clock: this.clock,
      relays: instance.relays,
      iceServers: instance.iceServers,
      mayFade: () => !this.#clock.isFarOff,
      onAhead: (person, untilMs) => this.#clock.heardFriend(person, untilMs),
      onRefused: (circle, type, device) => void this.#refused(circle, type, device).catch(this.onProblem)
    });
  }

  async #refused(circle: number, type: string, device: DeviceId | null): Promise<void> {
    const name = `${circle}/${type}/${device ?? ''}`;
    this.#refusals.set(name, (this.#refusals.get(name) ?? 0) + 1);
    if (type === 'UnknownVersion') this.notices.say({ type: 'newer', name: null });
    if (type !== 'BadSignature' && type !== 'WrongKey') return;
    const local = await this.circles.byNumber(circle);
    const roster = local === undefined ? undefined : await readRoster(this.database, local);
    const person = device === null ? undefined : roster?.devicesById.get(device)?.person;
    this.notices.say({ type: 'hostile', name: roster?.people.find(({ id }) => id === person)?.name ?? null });
  }
}

/** Who was here when the last tab closed is not who is here now. */
const forgetPresence = async (database: ShoulderDatabase): Promise<void> => {
  if (!(await someTabLeads())) await database.presence.clear();
};

const storageNotices = {
  StorageFull: 'storage-full',
  StorageRefused: 'storage-refused',
  NewerDatabase: 'storage-lost'
} as const;
