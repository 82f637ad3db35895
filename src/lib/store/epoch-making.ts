/**
 * Making an epoch: its secret, the manifest that begins it, the seals that hand it on, and moving into it (docs/protocol.md EP8, EP10).
 *
 * Manifest and seals are said in the epoch that they end, at once and before anything else: a device that stops in the middle finds
 * its own seal among them when it is back.
 */
import type { Clock } from '../base/clock.ts';
import { idBytesLength, type DeviceId } from '../base/ids.ts';
import type { Bytes } from '../base/bytes.ts';
import { ok, type Result } from '../base/result.ts';
import { planManifest } from '../circle/due.ts';
import type { CircleState } from '../circle/epochs.ts';
import { epochIdOf, manifestSlot, manifestToBody, type EpochReason } from '../circle/manifest.ts';
import { sealEpoch, sealsSlot } from '../circle/seals.ts';
import { commitmentOf, epochKeyBytes } from '../records/epoch-keys.ts';
import { kinds } from '../records/kinds.ts';
import type { Author, SayError } from './author.ts';
import type { LocalCircle } from './circles.ts';
import { enterEpoch, type EpochMoveDependencies } from './epoch-move.ts';
import { readState } from './rosters.ts';

export interface EpochMakingDependencies extends Omit<EpochMoveDependencies, 'nowMs'> {
  readonly author: Author;
  readonly clock: Clock;
}

/** Under this name a circle changes its epoch: one change after another, in all tabs. */
export const epochLock = ({ name }: EpochMakingDependencies['database'], circle: number): string =>
  `epoch/${name}/${circle}`;

/**
 * Begins the next epoch, with whatever is due, and moves into it. Whether it did: not where this device is what goes, or is not in
 * the circle's newest epoch itself. Errors: what the disk refuses.
 */
export const beginEpoch = (
  deps: EpochMakingDependencies,
  circle: LocalCircle,
  why: EpochReason
): Promise<Result<boolean, SayError>> =>
  deps.exclusively(epochLock(deps.database, circle.n), async () => {
    const { database, author, random, clock } = deps;
    await circle.refresh();
    const { keyring } = circle;
    const state = await readState(database, circle);
    const plan = planManifest(state, keyring.device.id, why);
    if (plan === undefined || plan.parent !== keyring.current.epoch) return ok(false);
    const secret = random.bytes(epochKeyBytes);
    const body = manifestToBody({ ...plan, commit: await commitmentOf(secret) }, random.bytes(idBytesLength));
    const epoch = await epochIdOf(keyring.circle, keyring.device.id, body);
    const keys = agreeKeysOf(
      state,
      plan.people.flatMap(({ devices }) => devices)
    );
    const seals = await sealEpoch(keyring.circle, { epoch, secret }, keys, random);
    const said = await author.sayAll(circle, [
      { kind: kinds.manifest, slot: manifestSlot(epoch), body, expMs: null },
      { kind: kinds.seals, slot: sealsSlot(epoch), body: seals, expMs: null }
    ]);
    if (!said.ok) return said;
    const moved = await enterEpoch(
      { ...deps, nowMs: clock.nowMs() },
      circle,
      { epoch, secret },
      { forgetOlder: why === 'tidied' }
    );
    return moved.ok ? ok(true) : moved;
  });

/** The keys that things are sealed to, of devices that some statement introduced. */
export const agreeKeysOf = ({ roster, sorted }: CircleState, devices: readonly DeviceId[]): Bytes[] =>
  devices.flatMap((id) => {
    const known = roster.devicesById.get(id) ?? sorted?.rebinds.find(({ device }) => device.id === id)?.device;
    return known === undefined ? [] : [known.keys.agree];
  });
