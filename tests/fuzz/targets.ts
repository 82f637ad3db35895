/**
 * Every decoder that meets bytes or text from outside. A new one is a line in the table of its file.
 */
import { channelTargets } from './channel-targets.ts';
import { circleTargets } from './circle-targets.ts';
import { clientTargets } from './client-targets.ts';
import { fileTargets } from './file-targets.ts';
import { mailTargets } from './mail-targets.ts';
import { recordsTargets } from './records-targets.ts';
import { relayTargets } from './relay-targets.ts';
import { rosterTargets } from './roster-targets.ts';
import { signalTargets } from './signal-targets.ts';
import type { Target } from './target.ts';

export const targets: readonly Target[] = [
  ...recordsTargets,
  ...circleTargets,
  ...rosterTargets,
  ...mailTargets,
  ...signalTargets,
  ...channelTargets,
  ...relayTargets,
  ...clientTargets,
  ...fileTargets
];
