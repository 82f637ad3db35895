/**
 * The composition root: everything the routes need, made once and handed down by context.
 *
 * Opening it reads the disk and nothing else, so that the board can paint; `begin` then starts the part that talks to
 * friends. What a person does is in `commands/`, what they see in `views/`.
 */
import type { Clock } from '../base/clock.ts';
import { systemRandom, type Random } from '../base/random.ts';
import { err, ok, type Result } from '../base/result.ts';
import { missingCapabilities, type Capability } from '../crypto/support.ts';
import { Author, webLocks, type SayError } from '../store/author.ts';
import { Circles, type LocalCircle } from '../store/circles.ts';
import { createDatabase, toStorageError, type ShoulderDatabase, type StorageError } from '../store/database.ts';
import { Drafts } from '../store/drafts.ts';
import { Rosters } from '../store/roster-cache.ts';
import { isLocked, openVault, type Vault } from '../store/vault.ts';
import { CorrectedClock } from './corrected-clock.ts';
import type { Instance } from './instance.ts';
import { Notices } from './notices.svelte.ts';
import type { OpenedRecords } from './opened-records.ts';
import { eraseName, holdVault, someTabLeads } from './tab-locks.ts';

export const databaseName = 'shoulder';

export type { LocalCircle } from '../store/circles.ts';

/** There is a lock: everything that may be known before it is opened. */
export interface LockedShoulder {
  readonly type: 'Locked';
  readonly database: ShoulderDatabase;
  /** The app, with the vault that the lock gave out. */
  readonly open: (vault: Vault) => Shoulder;
}

/** Why the app does not open here, or not yet. */
export type OpenError =
  StorageError | LockedShoulder | { readonly type: 'Unsupported'; readonly missing: readonly Capability[] };

interface Parts {
  readonly database: ShoulderDatabase;
  readonly vault: Vault;
  readonly clock: CorrectedClock;
  readonly notices: Notices;
  readonly letVaultGo: () => void;
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
  /** Lets go of the vault, so that this very tab may take it for itself: see `lock-taking.ts`. */
  letVaultGo: () => void;
  readonly rosters = new Rosters();
  readonly #clock: CorrectedClock;
  readonly #opened = new Map<number, Promise<OpenedRecords>>();
  readonly #refusals = new Map<string, number>();
  readonly #shown = Promise.withResolvers<void>();
  #instance: Promise<Instance> | undefined;

  private constructor({ database, vault, clock, notices, letVaultGo }: Parts) {
    this.database = database;
    this.vault = vault;
    this.#clock = clock;
    this.clock = clock;
    this.notices = notices;
    this.letVaultGo = letVaultGo;
    this.circles = new Circles(database, vault);
    this.drafts = new Drafts(database, vault);
    this.author = new Author({
      ...{ database, circles: this.circles, clock, random: this.random },
      exclusively: webLocks
    });
  }

  /** Opens what is kept on this device, if this browser can keep it well. Errors: what it lacks, what the disk refuses. */
  static async open(): Promise<Result<Shoulder, OpenError>> {
    const missing = await missingCapabilities(window);
    if (missing.length > 0) return err({ type: 'Unsupported', missing });
    if (localStorage.getItem(eraseName) !== null) await (await import('./erase.ts')).finishErasing();
    const notices = new Notices();
    const clock = new CorrectedClock(() => notices.say({ type: 'clock' }));
    const database = createDatabase(databaseName);
    try {
      const letVaultGo = await holdVault(() => location.reload());
      const open = (vault: Vault): Shoulder => new Shoulder({ database, vault, clock, notices, letVaultGo });
      const [locked] = await Promise.all([isLocked(database), forgetPresence(database)]);
      return locked ? err({ type: 'Locked', database, open }) : ok(open(await openVault(database, systemRandom)));
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
    this.#instance ??= this.#askInstance(base).then((instance) => {
      if (instance.serverNowMs === null) this.#instance = undefined;
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
    if (error.type === 'TooLarge' || error.type === 'Retired') this.notices.say({ type: 'crashed' });
    else this.notices.say({ type: storageNotices[error.type] });
  };

  /** Starts to talk to friends while this tab is the one that is looked at. Returns what ends it. */
  begin(base: URL): () => void {
    let end: (() => void) | undefined;
    let left = false;
    const start = async (): Promise<void> => {
      const { beginTalking } = await import('./talking.ts');
      if (!left) end = beginTalking(() => this.#createEngine(base), this.onProblem);
    };
    start().catch((problem: unknown) => {
      this.onProblem(problem);
      window.addEventListener('online', () => void start().catch(this.onProblem), { once: true });
    });
    return () => {
      left = true;
      end?.();
    };
  }

  /** Asks the browser to keep what there is to lose. Once, after the first thing was said. */
  async keepStorage(): Promise<boolean> {
    const { keepStorage } = await import('./storage-persistence.ts');
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
    const { createFriendsEngine } = await import('./friends-engine.ts');
    return createFriendsEngine(this, {
      clock: this.#clock,
      refusals: this.#refusals,
      host: base.hostname,
      askInstance: () => this.#askInstance(base)
    });
  }

  /** Asks anew; where nobody answers, what was known stands. */
  async #askInstance(base: URL): Promise<Instance> {
    const reading = import('./instance.ts').then(({ readInstance }) => readInstance(base));
    const instance = await reading.catch(() => unasked);
    if (instance.serverNowMs === null) return instance;
    this.#instance = Promise.resolve(instance);
    this.#clock.heardServer(instance.serverNowMs);
    return instance;
  }
}

/** Offline, before that part of the app was ever cached. */
const unasked: Instance = { relays: [], iceServers: [], iceTransportPolicy: 'all', serverNowMs: null };

/** Who was here when the last tab closed is not who is here now. */
const forgetPresence = async (database: ShoulderDatabase): Promise<void> => {
  if (!(await someTabLeads())) await database.presence.clear();
};

const storageNotices = {
  StorageFull: 'storage-full',
  StorageRefused: 'storage-refused',
  NewerDatabase: 'storage-lost'
} as const;
