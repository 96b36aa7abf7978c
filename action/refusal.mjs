// @ts-check

/** What the step cannot do, and what to do about it. */
export class Refusal extends Error {
  /** @override */
  name = "Refusal";

  /**
   * @param {string} message `Cannot <do what> "<with what>": <what is so>`
   * @param {string} remedy one imperative
   */
  constructor(message, remedy) {
    super(message);
    /** @readonly */
    this.remedy = remedy;
  }
}
