import assert from "node:assert/strict";
import { test } from "node:test";
import { joinFlight } from "../../../../src/host/flight/flight.ts";
import { ERRNO, type UnixSockets } from "../../../../src/host/flight/unix_socket.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Sockets in memory: one place at most, peers of the users given, and what comes to a follower. */
function fake(parts: Partial<UnixSockets> & { readonly waiting?: number[]; readonly coming?: string[] } = {}) {
  const { waiting = [], coming = [], ...own } = parts;
  const sent: (readonly [number, string])[] = [];
  const closed: number[] = [];
  const polled: number[] = [];
  const sockets: UnixSockets = {
    open: () => 3,
    listen: () => 0,
    connect: () => 0,
    accept: () => waiting.shift() ?? -1,
    peerUid: (fd) => fd === 66 ? 1001 : 1000,
    send: (fd, bytes) => sent.push([fd, new TextDecoder().decode(bytes)]) > 0,
    receive: () => {
      const next = coming.shift();
      return next === undefined ? undefined : bytesOf(next);
    },
    poll: (_, ms) => {
      polled.push(ms);
      return coming.length > 0;
    },
    close: (fd) => void closed.push(fd),
    ...own,
  };
  const rests: number[] = [];
  const rest = () => Promise.resolve(void rests.push(1));
  return { sent, closed, polled, rests, join: () => joinFlight("name", { sockets, uid: 1000, rest }) };
}

const taken = { listen: () => ERRNO.EADDRINUSE } as const;

test("joinFlight() makes the first one the leader, who tells all that wait, but no other user, and lets go", () => {
  const { join, sent, closed } = fake({ waiting: [7, 66, 8] });
  const flight = join();
  assert.ok(flight.is === "leader");
  flight.tell(bytesOf("abc"));
  assert.deepEqual(sent, [[7, "\x03\0\0\0abc"], [8, "\x03\0\0\0abc"]]);
  assert.deepEqual(closed, [7, 66, 8, 3]);
});

test("joinFlight() lets a leader go without a word", () => {
  const { join, sent, closed } = fake({ waiting: [7] });
  const flight = join();
  assert.ok(flight.is === "leader");
  flight.end();
  assert.deepEqual([sent, closed], [[], [3]]);
});

test("joinFlight() makes the next ones followers, who hear what comes in pieces, and rest between slices", async () => {
  const { join, closed, polled, rests } = fake({ ...taken, coming: ["\x03\0", "\0\0ab", "c"] });
  const flight = join();
  assert.ok(flight.is === "follower");
  assert.deepEqual(await flight.wait(() => 1000), { is: "told", bytes: bytesOf("abc") });
  assert.deepEqual([closed, polled, rests], [[3], [], []]);
  // Nothing is there yet at the first look.
  let looks = 0;
  const later = fake({ ...taken, receive: () => looks++ === 0 ? undefined : bytesOf("\x01\0\0\0a"), poll: () => true });
  const sleeping = later.join();
  assert.ok(sleeping.is === "follower");
  assert.deepEqual(await sleeping.wait(() => 1000), { is: "told", bytes: bytesOf("a") });
  assert.deepEqual(later.rests, []);
  const patient = fake({ ...taken });
  let left = 4800;
  const waiting = patient.join();
  assert.ok(waiting.is === "follower");
  assert.deepEqual(await waiting.wait(() => (left -= 1600) + 1600), { is: "late" });
  assert.deepEqual([patient.polled, patient.rests.length], [[2000, 2000, 1600], 3]);
});

test("joinFlight() tells a follower that the other one ended, also in the middle of a word", async () => {
  for (const coming of [[""], ["\x03\0\0\0a", ""]]) {
    const flight = fake({ ...taken, coming }).join();
    assert.ok(flight.is === "follower");
    assert.deepEqual(await flight.wait(() => 1000), { is: "ended" });
  }
  for (const errno of [ERRNO.ECONNREFUSED, ERRNO.EAGAIN]) {
    const { join, closed } = fake({ ...taken, connect: () => errno });
    const flight = join();
    assert.ok(flight.is === "follower");
    assert.deepEqual([await flight.wait(() => 1000), closed], [{ is: "ended" }, [3]]);
  }
});

test("joinFlight() goes alone where there is no socket, no place, no way, or another user's place", () => {
  const alone = [
    { open: () => -1 },
    { listen: () => 1 },
    { ...taken, connect: () => 13 },
    { ...taken, peerUid: () => 1001 },
  ].map((parts) => fake(parts).join());
  assert.deepEqual(alone.map((flight) => flight.is === "alone" && flight.because), [
    "no socket",
    "no place (errno 1)",
    "no way to the place (errno 13)",
    "another user has the place",
  ]);
});
