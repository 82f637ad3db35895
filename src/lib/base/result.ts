/**
 * Expected failures as values.
 *
 * A function that can be refused by a peer, a disk or a person returns `Result<T, E>`, where `E` is a union of plain
 * objects tagged by `type`. Broken invariants throw instead: see `assert.ts`.
 */

/** Success carrying `value`. */
export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

/** Failure carrying a typed `error`. */
export interface Err<E> {
  readonly ok: false;
  readonly error: E;
}

export type Result<T, E> = Ok<T> | Err<E>;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });
export const err = <E>(error: E): Err<E> => ({ ok: false, error });

/** The value, or a throw: only for results that an invariant has already made certain. */
export const unwrap = <T, E>(result: Result<T, E>): T => {
  if (result.ok) return result.value;
  throw new Error(`unexpected failure: ${JSON.stringify(result.error)}`);
};
