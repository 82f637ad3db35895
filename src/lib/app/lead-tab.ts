/**
 * Which tab talks to peers: the visible one, and only one (docs/architecture.md, tabs).
 *
 * The lead holds a Web Lock. A tab that becomes visible steals it, because a frozen tab keeps it for ever; whoever loses
 * it stops its engine. Hidden tabs wait in line, so that the last one left takes over.
 */
const lockName = 'shoulder-sync';

export interface LeadDuties {
  /** Begin to talk to peers. */
  readonly take: () => void;
  /** Another tab does now. */
  readonly yield: () => void;
}

export class LeadTab {
  readonly #duties: LeadDuties;
  #leads = false;
  #release: (() => void) | undefined;
  #ended = false;

  constructor(duties: LeadDuties) {
    this.#duties = duties;
  }

  /** Takes part from now on; the returned function ends it. */
  start(): () => void {
    const onSeen = (): void => this.#claim();
    document.addEventListener('visibilitychange', onSeen);
    window.addEventListener('focus', onSeen);
    if (document.visibilityState === 'visible') this.#claim();
    else this.#hold(false);
    return () => {
      this.#ended = true;
      document.removeEventListener('visibilitychange', onSeen);
      window.removeEventListener('focus', onSeen);
      this.#release?.();
    };
  }

  #claim(): void {
    if (!this.#leads && !this.#ended && document.visibilityState === 'visible') this.#hold(true);
  }

  #hold(steal: boolean): void {
    const whileHeld = (): Promise<void> => {
      if (this.#ended) return Promise.resolve();
      this.#leads = true;
      this.#duties.take();
      return new Promise((resolve) => (this.#release = resolve));
    };
    navigator.locks.request(lockName, { steal }, whileHeld).then(
      () => this.#lost(),
      () => this.#lost() // stolen: the request rejects, and that is how one hears of it
    );
  }

  #lost(): void {
    if (!this.#leads) return;
    this.#leads = false;
    this.#duties.yield();
    if (!this.#ended) this.#hold(false);
  }
}
