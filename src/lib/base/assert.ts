/**
 * A broken invariant: our mistake, never a peer's. It throws, so that nothing continues on a false assumption.
 */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${invariant}`);
}

/** The end of an exhaustive switch: reached only when a new variant was not handled. */
export const unreachable = (value: never): never => {
  throw new Error(`invariant broken: unhandled variant ${JSON.stringify(value)}`);
};
