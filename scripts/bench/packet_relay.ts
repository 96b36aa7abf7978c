// Carries packets between two TUN devices that it makes, each way so many milliseconds later: packet_relay.ts <milliseconds>
const delayMs = Number(Deno.args[0]);

const O_RDWR_NONBLOCK = 0o2 | 0o4000;
const TUNSETIFF = 0x400454can;
const IFF_TUN_NO_PI = 0x1001;
const POLLIN = 1;

const { symbols: libc } = Deno.dlopen("libc.so.6", {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },
  ppoll: { parameters: ["buffer", "u64", "buffer", "pointer"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
});

/** Makes a device, and gives its descriptor. */
function makeDevice(name: string): number {
  const fd = libc.open(new TextEncoder().encode("/dev/net/tun\0"), O_RDWR_NONBLOCK);
  const request = new Uint8Array(40);
  request.set(new TextEncoder().encode(name));
  new DataView(request.buffer).setUint16(16, IFF_TUN_NO_PI, true);
  if (fd < 0 || libc.ioctl(fd, TUNSETIFF, request) !== 0) throw new Error(`Cannot make the device ${name}`);
  return fd;
}

interface Held {
  readonly dueMs: number;
  readonly to: number;
  readonly packet: Uint8Array<ArrayBuffer>;
}

const devices = [makeDevice("near0"), makeDevice("far0")] as const;
const held: Held[] = [];
const buffer = new Uint8Array(65_536);
const polled = new Uint8Array(16);
const view = new DataView(polled.buffer);
devices.forEach((fd, at) => {
  view.setInt32(at * 8, fd, true);
  view.setInt16(at * 8 + 4, POLLIN, true);
});
console.log("ready");
while (true) {
  // All wait equally long: the first is due first.
  const waitMs = Math.max(0, (held[0]?.dueMs ?? Infinity) - performance.now());
  const timeout = new BigInt64Array([0n, BigInt(Math.round(Math.min(waitMs, 900) * 1e6))]);
  libc.ppoll(polled, 2n, new Uint8Array(timeout.buffer), null);
  devices.forEach((from, at) => {
    for (let size = 1n; size > 0n;) {
      size = BigInt(libc.read(from, buffer, BigInt(buffer.length)));
      const to = devices[at === 0 ? 1 : 0];
      if (size > 0n) held.push({ dueMs: performance.now() + delayMs, to, packet: buffer.slice(0, Number(size)) });
    }
  });
  while (held[0] !== undefined && held[0].dueMs <= performance.now()) {
    const { to, packet } = held.shift()!;
    libc.write(to, packet, BigInt(packet.length));
  }
}
