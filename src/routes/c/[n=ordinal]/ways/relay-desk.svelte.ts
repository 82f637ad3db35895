/**
 * Choosing other relays: what is new is tried first, and where that shows something the person decides. Nothing is said to
 * the circle before.
 */
import {
  newRelays,
  probeRelay,
  readRelayAddresses,
  useRelays,
  type RelayAddressError,
  type RelayProbe
} from '$lib/app/commands/routes.ts';
import type { LocalCircle, Shoulder } from '$lib/app/shoulder.ts';
import type { ProbeState, RelayKind, RelayProblem, ShownProbe } from '$lib/ui/shown-relays.ts';
import { sayErrorSentence } from '../../../say-error-sentence.ts';

/** What there is to choose from: the instance's relays, and those that are in use now. */
export interface RelaysNow {
  readonly given: readonly string[];
  readonly inUse: readonly string[];
}

export class RelayDesk {
  readonly #app: Shoulder;
  readonly #circle: LocalCircle;
  readonly #base: URL;
  #probes = $state.raw<readonly ShownProbe[]>([]);
  #stage = $state<'idle' | 'trying' | 'asking' | 'used'>('idle');
  #problem = $state<RelayProblem | null>(null);
  #sayProblem = $state<string | null>(null);
  #wanted: readonly string[] = [];

  constructor(app: Shoulder, circle: LocalCircle, base: URL) {
    this.#app = app;
    this.#circle = circle;
    this.#base = base;
  }

  get probes(): readonly ShownProbe[] {
    return this.#probes;
  }

  get stage(): 'idle' | 'trying' | 'asking' | 'used' {
    return this.#stage;
  }

  /** What is wrong with what was typed. */
  get problem(): RelayProblem | null {
    return this.#problem;
  }

  /** Why the choice could not be said, as a sentence. */
  get sayProblem(): string | null {
    return this.#sayProblem;
  }

  /** Tries what is new, and uses it where all is well. */
  async use(kind: RelayKind, text: string, now: RelaysNow): Promise<void> {
    this.forget();
    const wanted = this.#read(kind, text, now);
    if (wanted === undefined) return;
    this.#wanted = wanted;
    this.#stage = 'trying';
    const fresh = newRelays(wanted, now.inUse);
    this.#probes = fresh.map(({ name }) => ({ name, state: 'trying', reason: '' }));
    const all = await Promise.all(fresh.map(({ url }, i) => this.#probe(url, i)));
    if (all.every((state) => state === 'good')) await this.useAnyway();
    else this.#stage = 'asking';
  }

  /** Uses what was wanted, whatever came of trying it. */
  async useAnyway(): Promise<void> {
    this.#stage = 'trying';
    try {
      const said = await useRelays(this.#app, this.#circle, this.#base, this.#wanted);
      this.#stage = said.ok ? 'used' : 'idle';
      if (!said.ok) this.#sayProblem = sayErrorSentence(said.error);
    } catch (error) {
      this.#stage = 'idle';
      this.#app.onProblem(error);
    }
  }

  /** What was said of the last attempt is of no interest any more. */
  forget(): void {
    this.#stage = 'idle';
    this.#probes = [];
    this.#problem = null;
    this.#sayProblem = null;
  }

  #read(kind: RelayKind, text: string, { given }: RelaysNow): readonly string[] | undefined {
    if (kind === 'none') return [];
    // What the instance names may not be known yet, and is not to be taken for none.
    if (kind === 'given') return given.length > 0 ? given : undefined;
    const read = readRelayAddresses(text, this.#base);
    if (!read.ok) this.#problem = problems[read.error.type];
    else if (read.value.length === 0) this.#problem = 'none-written';
    else return read.value;
    return undefined;
  }

  async #probe(url: string, place: number): Promise<ProbeState> {
    const shown = shownProbe(await probeRelay(this.#app, this.#circle, this.#base, url).catch(toOffline));
    this.#probes = this.#probes.map((probe, i) => (i === place ? { ...probe, ...shown } : probe));
    return shown.state;
  }
}

const problems: Record<RelayAddressError['type'], RelayProblem> = {
  NotAnAddress: 'not-an-address',
  NotEncrypted: 'not-encrypted',
  TooManyRelays: 'too-many'
};

/** The only way for it to throw is a part of the app that could not be fetched. */
const toOffline = (): RelayProbe => ({ ok: false, error: { type: 'NotWritten', why: { type: 'Offline' } } });

const shownProbe = (probe: RelayProbe): Omit<ShownProbe, 'name'> => {
  if (probe.ok) return { state: probe.value.removes ? 'good' : 'keeps', reason: '' };
  const { error } = probe;
  if (error.type === 'KeptOff') return { state: 'kept-off', reason: '' };
  if (error.type === 'NotKept') return { state: 'loses', reason: '' };
  const { why } = error;
  if (why.type === 'Offline' || why.type === 'Closed') return { state: 'offline', reason: '' };
  if (why.type === 'TimedOut') return { state: 'slow', reason: '' };
  const reason = 'reason' in why ? why.reason : '';
  return { state: error.type === 'NotRead' ? 'unread' : 'refused', reason };
};
