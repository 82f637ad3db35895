/**
 * One thing being done at a time on a screen, and why the last one was not, as one sentence.
 */
import type { AnswerError } from '$lib/app/commands/answers.ts';
import type { CheckInError } from '$lib/app/commands/check-ins.ts';
import type { Shoulder } from '$lib/app/shoulder.ts';
import type { Result } from '$lib/base/result.ts';
import { sayErrorSentence } from '../../say-error-sentence.ts';

export class Deed {
  readonly #app: Shoulder;
  #busy = $state(false);
  #problem = $state<string | null>(null);

  constructor(app: Shoulder) {
    this.#app = app;
  }

  get busy(): boolean {
    return this.#busy;
  }

  get problem(): string | null {
    return this.#problem;
  }

  /** Whether it was done. What nobody expected goes to the app. */
  async run(command: () => Promise<Result<unknown, CheckInError | AnswerError>>): Promise<boolean> {
    this.#busy = true;
    this.#problem = null;
    try {
      const result = await command();
      if (!result.ok) this.#problem = sayErrorSentence(result.error);
      return result.ok;
    } catch (error) {
      this.#app.onProblem(error);
      return false;
    } finally {
      this.#busy = false;
    }
  }

  /** The problem is of no interest any more. */
  forget(): void {
    this.#problem = null;
  }
}
