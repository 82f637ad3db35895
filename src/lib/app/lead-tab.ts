/**
 * Which tab talks to peers: the visible one, and only one (docs/architecture.md, tabs).
 *
 * The lead holds a Web Lock. A tab that becomes visible steals it, because a frozen tab keeps it for ever; whoever loses
 * it stops its engine. Hidden tabs wait in line, so that the last one left takes over.
 */
const lockName = 'shoulder-sync';

/** Whether some tab talks to peers now. */
export const someTabLeads = async (): Promise<boolean> => {
  const { held } = await navigator.locks.query();
  return held?.some(({ name }) => name === lockName) === true;
};

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
  #inLine: AbortController | undefined;

  constructor(duties: LeadDuties) {
    this.#duties = duties;
  }

  /** Takes part from now on; the returned function ends it. */
  start(): () => void {
    const onSeen = (): void => this.#claim();
    document.addEventListener('visibilitychange', onSeen);
    window.addEventListener('focus', onSeen);
    if (document.visibilityState === 'visible') this.#claim();
    else this.#waitInLine();
    return () => {
      this.#ended = true;
      this.#inLine?.abort();
      document.removeEventListener('visibilitychange', onSeen);
      window.removeEventListener('focus', onSeen);
      this.#release?.();
    };
  }

  #claim(): void {
    if (this.#leads || this.#ended || document.visibilityState !== 'visible') return;
    this.#inLine?.abort();
    this.#hold(navigator.locks.request(lockName, { steal: true }, this.#whileHeld));
  }

  #waitInLine(): void {
    this.#inLine = new AbortController();
    this.#hold(navigator.locks.request(lockName, { signal: this.#inLine.signal }, this.#whileHeld));
  }

  readonly #whileHeld = (): Promise<void> => {
    if (this.#ended) return Promise.resolve();
    this.#leads = true;
    this.#duties.take();
    return new Promise((resolve) => (this.#release = resolve));
  };

  /** A request that was granted ends by release, or rejects when it is stolen or taken back: both mean not leading. */
  #hold(request: Promise<unknown>): void {
    const lost = (): void => {
      if (!this.#leads) return;
      this.#leads = false;
      this.#duties.yield();
      if (!this.#ended) this.#waitInLine();
    };
    request.then(lost, lost);
  }
}
