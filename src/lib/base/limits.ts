/**
 * Every limit in one place, units last. What meets the network is checked against these before it is parsed.
 */
import { dayMs, hourMs, minuteMs, secondMs } from './clock.ts';

/** People in a circle. Joins that cross in flight may exceed it; only new invites are refused. */
export const circlePeopleMax = 12;
/** One sealed envelope. */
export const envelopeBytesMax = 16 * 1024;
/** Plaintext is padded to a multiple of this, so that lengths say little. */
export const paddingStepBytes = 256;
/** Letters of a person's own words in one check-in, counted in UTF-16 units as a text box does. */
export const wordsLengthMax = 2000;
export const feelingLengthMax = 40;
export const feelingsMax = 2;
export const nameLengthMax = 60;
export const circleNameLengthMax = 60;
/** A slot's name inside a device's records. */
export const slotLengthMax = 64;

/** How far ahead of this device's clock a record may be dated before it waits. */
export const clockAheadMaxMs = dayMs;
/** How far ahead a friend's time may be and still push this device's own stamps forward. */
export const clockObserveMaxMs = hourMs;
/** What one device may have waiting or live in one circle before more of it waits. */
export const deviceRecordsMax = 20_000;

/** Epochs of a circle that a device keeps keys of, the current one among them. */
export const heldEpochsMax = 8;
/** How long a device can be found where the circle was, after the circle moved on. */
export const lighthouseLifetimeMs = 180 * dayMs;

/** Relays a circle uses at once, and those it has just left. */
export const circleRelaysMax = 3;
export const relayUrlLengthMax = 200;

export const inviteLifetimeMs = 7 * dayMs;
export const inviteSecretBytes = 16;

/** One signaling message, as text on the wire. */
export const signalBytesMax = 48 * 1024;
/** One frame on a data channel; browsers agree on no larger message. */
export const channelFrameBytes = 60 * 1024;
/** A whole message on a data channel, in frames. */
export const channelMessageBytesMax = 64 * 1024 * 1024;
/** A connection that is not up by then is closed and may be tried again. */
export const connectDeadlineMs = 20 * secondMs;
export const reannounceMinMs = 5 * secondMs;
export const reannounceMaxMs = 10 * minuteMs;
export const replyPauseMs = 10 * secondMs;

/** Acks are said some time after, so that "reached" never tells when somebody looked. */
export const ackDelayMinMs = minuteMs;
export const ackDelayMaxMs = 10 * minuteMs;
/** Devices one ack speaks of: as many as an envelope holds. */
export const ackDevicesMax = 600;
/** After a sync, devices put back what the replica lost, spread out over this time. */
export const repairDelayMinMs = 2 * secondMs;
export const repairDelayMaxMs = 30 * secondMs;
/** A circle moves to an empty document where so much of its own is dead; or more than is live there, from the lesser one on. */
export const deadBytesMax = 4 * 1024 * 1024;
export const deadBytesWorthMin = 256 * 1024;
/** How often a running circle's replica is weighed for that. */
export const weighEveryMs = hourMs;
/** So long whoever hears of another document stays where it was, so that whoever else is there hears of it there. */
export const generationLingerMs = 3 * secondMs;
/** So long a device waits for somebody to state the generation that it is in, before it does so itself. */
export const generationPatienceMs = 10 * minuteMs;
/** The porch is opened some time after everybody moved, and anew with nothing in it some time after somebody brought much: twice that the next time. */
export const porchPauseMinMs = minuteMs;
export const porchPauseMaxMs = 3 * minuteMs;
export const porchPauseLongMs = 6 * hourMs;
/** So long whoever comes to the porch is heard there before that. */
export const porchHearingMs = 10 * secondMs;
/** What a circle has decided is carried out by whoever decided last; the others wait so long, spread out, whether that one did. */
export const successionDelayMinMs = 20 * secondMs;
export const successionDelayMaxMs = 90 * secondMs;
/** Statements of one kind that count of one device, and epochs it began: one a week for five years. */
export const deviceStatementsMax = 64;
export const deviceManifestsMax = 256;
/** So long an epoch that somebody went out of is served for their sake alone. */
export const farewellMs = 7 * dayMs;
/** So long a device that is awake waits for the keys of an epoch that counts, before it goes on without. */
export const keysPatienceMs = 10 * minuteMs;
export const keylessMax = 32;
/** How many epochs a circle has come through are still served at once. */
export const lighthousesMax = 4;
/** What came from a friend's phone and is on no relay is left there by whoever has it, spread out over this time. */
export const passOnDelayMinMs = 30 * secondMs;
export const passOnDelayMaxMs = 2 * minuteMs;
/** Own clock against friends' clocks: beyond this the app says so. */
export const clockSkewNoticeMs = 24 * hourMs;
