/**
 * Which tab talks to peers: the visible one, and only one (docs/architecture.md, tabs).
 *
 * The lead holds a Web Lock. A tab that becomes visible steals it, because a frozen tab keeps it for ever; whoever loses
 * it stops its engine. Hidden tabs wait in line, so that the last one left takes over.
 */
import { leadLockName } from './tab-locks.ts';

export interface LeadDuties {
  /** Begin to talk to peers. */
  readonly take: () => void;
  /** Another tab does now. */
  readonly yield: () => void;
}

export class LeadTab {
  readonly #duties: LeadDuties;
  #leads = false;
  /** The latest request for the lock: what becomes of earlier ones no longer counts. */
  #turn: symbol | undefined;
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

  /**
   * Steals the lock, also from oneself: another tab may have stolen it a moment ago, and this one not been told yet.
   * A tab that leads already goes on as it is.
   */
  #claim(): void {
    if (this.#ended || document.visibilityState !== 'visible') return;
    this.#inLine?.abort();
    this.#request({ steal: true });
  }

  #waitInLine(): void {
    this.#inLine = new AbortController();
    this.#request({ signal: this.#inLine.signal });
  }

  #request(options: LockOptions): void {
    const turn = Symbol('turn');
    this.#turn = turn;
    const whileHeld = (): Promise<void> => {
      if (this.#ended || turn !== this.#turn) return Promise.resolve();
      if (!this.#leads) {
        this.#leads = true;
        this.#duties.take();
      }
      return new Promise((resolve) => (this.#release = resolve));
    };
    // A request that was granted ends by release, or rejects when it is stolen or taken back: both mean not leading.
    const over = (): void => {
      if (turn !== this.#turn) return;
      if (this.#leads) {
        this.#leads = false;
        this.#duties.yield();
      }
      if (!this.#ended) this.#waitInLine();
    };
    navigator.locks.request(leadLockName, options, whileHeld).then(over, over);
  }
}
