/**
 * Epochs that nobody hands out the keys of (docs/protocol.md EP16): whoever begins one and keeps its keys to themselves would keep
 * everybody else waiting for ever. The one rule besides EP14 that is each device's own: it depends on what it was handed.
 */
import type { EpochId } from '../base/ids.ts';
import type { Manifest, Statement } from './statements.ts';

/** What a device was handed and what it waited for in vain. */
export interface Handed {
  /** Epochs whose keys, or whose lighthouse, are here. */
  readonly held: readonly EpochId[];
  /** Epochs that were waited for as long as one waits. */
  readonly keyless: readonly EpochId[];
}

/**
 * The statements without manifests of epochs that were waited for in vain, and of whoever made one such: theirs count once the keys
 * are here. What led to an epoch that is held always counts.
 */
export const heededBy = (statements: readonly Statement[], { held, keyless }: Handed): readonly Statement[] => {
  if (keyless.length === 0) return statements;
  const manifests = new Map(
    statements.flatMap((each): [EpochId, Manifest][] => (each.type === 'manifest' ? [[each.id, each]] : []))
  );
  const way = new Set<EpochId>();
  for (const epoch of held)
    for (let at = manifests.get(epoch); at !== undefined && !way.has(at.id); at = manifests.get(at.parent))
      way.add(at.id);
  const authors = new Set(keyless.flatMap((epoch) => manifests.get(epoch)?.author ?? []));
  return statements.filter((each) => each.type !== 'manifest' || way.has(each.id) || !authors.has(each.author));
};
