/**
 * An engine that may be asked to start and stop faster than it loads: the last word counts. One that could not be
 * loaded (no network, and no copy yet) is tried again at the next occasion.
 */
export interface WebEngine {
  readonly engine: { start(): void };
  wake(): void;
  stop(): Promise<void>;
}

export class RunningEngine {
  readonly #create: () => Promise<WebEngine>;
  readonly #onProblem: (problem: unknown) => void;
  #wanted = false;
  #running: WebEngine | undefined;
  #changing: Promise<void> = Promise.resolve();

  constructor(create: () => Promise<WebEngine>, onProblem: (problem: unknown) => void) {
    this.#create = create;
    this.#onProblem = onProblem;
  }

  start(): void {
    this.#wanted = true;
    this.#change();
  }

  stop(): void {
    this.#wanted = false;
    this.#change();
  }

  /** Looks for everyone again, and starts what is wanted and not running. */
  wake(): void {
    if (this.#running === undefined) this.#change();
    else this.#running.wake();
  }

  #change(): void {
    this.#changing = this.#changing.then(() => this.#follow()).catch(this.#onProblem);
  }

  async #follow(): Promise<void> {
    if (this.#wanted && this.#running === undefined) {
      this.#running = await this.#create();
      this.#running.engine.start();
    } else if (!this.#wanted && this.#running !== undefined) {
      const stopping = this.#running;
      this.#running = undefined;
      await stopping.stop();
    }
  }
}
