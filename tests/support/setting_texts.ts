import type { SettingRow } from "../../src/core/settings/settings.ts";

const ID = "00000000-0000-4000-8000-00000000000";

/** Two of each form that settings have: a host or a name, a URL, a number, an id. */
const TEXTS = [
  "one.example",
  "two.example",
  "https://one.example/",
  "https://two.example/",
  "61",
  "62",
  `${ID}1`,
  `${ID}2`,
];

/**
 * Texts that a setting takes, for tests that go through all settings.
 *
 * @param row the setting
 * @returns two or more texts, with different values
 * @throws Error for a form that is new: a text of it belongs into this file
 */
export function textsFor({ key, words = [], parse }: SettingRow): readonly [string, string, ...string[]] {
  const fits = (text: string): boolean => {
    try {
      return parse(text) !== undefined;
    } catch {
      return false;
    }
  };
  const [one, other, ...more] = [...words, ...TEXTS].filter(fits);
  if (one !== undefined && other !== undefined) return [one, other, ...more];
  throw new Error(`no two texts fit the setting ${key}: add some of its form to tests/support/setting_texts.ts`);
}
