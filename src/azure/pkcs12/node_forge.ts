import aes from "node-forge/lib/aes.js";
import asn1 from "node-forge/lib/asn1.js";
import des from "node-forge/lib/des.js";
import forge from "node-forge/lib/forge.js";
import rc2 from "node-forge/lib/rc2.js";

/** A value of ASN.1 as node-forge has it: text of a byte a character, or the values inside. */
export interface Asn1 {
  readonly value: string | readonly Asn1[];
}

interface Bytes {
  readonly getBytes: () => string;
}

/** A cipher; `finish()` says whether what was deciphered ends as it has to. */
export interface Cipher {
  readonly update: (input: Bytes) => void;
  readonly finish: () => boolean;
  readonly output: Bytes;
}

/** The part of node-forge that is used, which comes without types. https://github.com/digitalbazaar/forge */
export interface Forge {
  readonly asn1: {
    readonly fromDer: (bytes: string, options: { readonly strict: boolean; readonly parseAllBytes: boolean }) => Asn1;
    readonly toDer: (value: Asn1) => Bytes;
    readonly derToOid: (bytes: string) => string;
  };
  readonly cipher: {
    readonly createDecipher: (name: "AES-CBC" | "3DES-CBC", key: Bytes) => Cipher & {
      readonly start: (options: { readonly iv: Bytes }) => void;
    };
  };
  readonly rc2: {
    readonly createDecryptionCipher: (key: string, bits: number) => Cipher & {
      readonly start: (iv: Bytes) => void;
    };
  };
  readonly util: { readonly createBuffer: (bytes: string) => Bytes };
}

/**
 * The parts of node-forge for what neither runtime knows: RC2, 3DES and AES of 192 bits, and ASN.1. Each of its files adds itself to one
 * object when it is evaluated, which may be only when something of it is asked for.
 *
 * @returns the object
 *
 * @example
 * ```ts
 * import { nodeForge } from "./node_forge.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(nodeForge().asn1.derToOid("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"), "1.2.840.113549.1.7.1");
 * ```
 */
export function nodeForge(): Forge {
  if ([aes.startDecrypting, des.startDecrypting, rc2.startDecrypting, asn1.fromDer].includes(undefined)) {
    throw new TypeError("node-forge is not whole");
  }
  return forge;
}

/** A value inside another; throws where it is not there. */
export function inside({ value }: Asn1, at: number): Asn1 {
  const found = typeof value === "string" ? undefined : value[at];
  if (found === undefined) throw new TypeError("a value is missing");
  return found;
}

/** The values inside another. */
export const listOf = ({ value }: Asn1): readonly Asn1[] => typeof value === "string" ? [] : value;

/** A string's bytes, a byte a character: as BER allows, it may be of several strings. */
export const textOf = ({ value }: Asn1): string => typeof value === "string" ? value : value.map(textOf).join("");

/** A whole number that is not negative. */
export const numberOf = (value: Asn1): number =>
  [...textOf(value)].reduce((sum, byte) => sum * 256 + byte.charCodeAt(0), 0);
