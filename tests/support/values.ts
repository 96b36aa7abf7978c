import type { Changes } from "../../src/core/host.ts";
import { Secret } from "../../src/core/secret.ts";
import type { FormatContext } from "../../src/shell/formats/format.ts";

/** A context in which nothing is set and nothing is random. */
export const NOWHERE: FormatContext = { env: {}, random: () => "00112233445566778899aabbccddeeff" };

/** Changes from plain texts. */
export function changesOf(set: Readonly<Record<string, string>>, remove: readonly string[] = []): Changes {
  return { set: Object.entries(set).map(([name, value]) => [name, new Secret(value)] as const), remove };
}

const EACH_ASCII = Array.from({ length: 127 }, (_, index) => String.fromCharCode(index + 1));

/** Pieces that some shell, parser or runner takes for more than text. */
const PIECES: readonly string[] = [
  ...EACH_ASCII,
  ..."é ß € 漢 𝒳 🔑 \u0301 \u200b \u2018 \u2019 \u201b \u201c \u00a0 \u0085 \u2028 \u2029 \ufeff \ufffd \u{10fffd} \u{1f1ea}"
    .split(" "),
  ..."$X ${X} ${X:-y} $(id) $((1)) `id` $'\\n' $\"a\" $1 $? $$ $! $# $@ !! !$ !-1 !x ^a^b^ ~ ~root =ls %s %d %% %n %1$s"
    .split(" "),
  ..."\\ \\\\ \\' \\\" \\n \\0 \\c \\x41 \\u0041 \\101 \\$ \\` '' \"\" '\\'' \"'\" '\"' {a,b} {1..3} [a-z] * ? ** @(a|b) !(a)"
    .split(" "),
  ..."# a#b  ; ;; && || | & > < >> << <<< >& ( ) (( [[ { } = == a=b -n -e -- - . .. / // /etc/passwd // a:b , @ ]]> --> ]"
    .split(" "),
  ..."%25 %0A %0D %3B %5D %AZP25 ::add-mask::x ::stop-commands::x ##vso[x]y ghadelimiter_ EOF _EOF true null 0 -1 1e9"
    .split(" "),
  "\r\n",
  "\n\n",
  "  ",
  "\t\t",
  " #",
  "\\\n",
  "export T=x",
  "; exit 3",
  "\nexit 3\n",
  "' ; exit 3 #",
].filter((piece) => piece !== "");

const SIGNS = "\"'`\\$!*?[]{}()<>|&;#~=%^ \t\n\r";
const PLAIN = "AZaz09_.-";

/** Values that broke some encoding once, each alone, doubled, and inside others. */
export const TRICKY: readonly string[] = [
  ...new Set(PIECES.flatMap((piece) => [piece, `a${piece}b`, `${piece} x${piece}`])),
  "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.c2ln-_",
  "p@ss w0rd!",
  "a\nb\n",
  "\n\n\na\n\n\n",
  "0".repeat(4000),
  " x".repeat(700),
  "'".repeat(300),
];

/** Numbers from 0 to 1, always the same for a seed. */
export function randomFrom(seed: number): () => number {
  const state = { at: seed >>> 0 };
  return () => {
    state.at = (state.at + 0x6d2b79f5) >>> 0;
    const mixed = Math.imul(state.at ^ (state.at >>> 15), state.at | 1);
    const more = mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61));
    return ((more ^ (more >>> 14)) >>> 0) / 4294967296;
  };
}

/** Values from a seed: hostile pieces, ASCII of every kind, all of Unicode, and ordinary tokens. */
export function randomValues(seed: number, count: number): readonly string[] {
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const makers: readonly (() => string)[] = [
    () => PIECES[below(PIECES.length)] ?? "a",
    () => String.fromCharCode(1 + below(127)),
    () => String.fromCharCode(32 + below(95)),
    () => SIGNS.charAt(below(SIGNS.length)),
    () => scalar(below(0x10f7ff) + 1),
    () => PLAIN.charAt(below(PLAIN.length)),
  ];
  return Array.from({ length: count }, () => {
    const maker = makers[below(makers.length)];
    const mixed = below(2) === 0;
    const length = below(20) === 0 ? 1 + below(200) : 1 + below(24);
    const parts = Array.from({ length }, () => ((mixed ? makers[below(makers.length)] : maker) ?? String)());
    return parts.join("");
  });
}

// Every code point but NUL and the surrogates.
function scalar(index: number): string {
  return String.fromCodePoint(index < 0xd800 ? index : index + 0x800);
}
